"""What conditional prices look at: past classes of accounts, values of conditions."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from config.shared.migration_steps import InOneStep

FREEZE = """
CREATE TRIGGER pricing_freeze_condition_value
    BEFORE INSERT OR UPDATE OR DELETE ON subscriptions_planconditionterm
    FOR EACH ROW EXECUTE FUNCTION pricing_freeze_condition_value();
"""

THAW = "DROP TRIGGER pricing_freeze_condition_value ON subscriptions_planconditionterm;"


class Migration(migrations.Migration):

    dependencies = [
        ("subscriptions", "0001_initial"),
        ("pricing", "0011_plan_conditions"),
    ]

    operations = [
        InOneStep([
            migrations.CreateModel(
                name='PastAccountClasses',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='past_classes', to='subscriptions.account')),
                    ('period', django.contrib.postgres.fields.ranges.DateRangeField(help_text='The first row has no beginning; each has an end.')),
                    ('account_class', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.accountclass')),
                    ('classification', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.accountclassification')),
                ],
                options={
                    'verbose_name_plural': 'past account classes',
                    'constraints': [models.CheckConstraint(condition=models.Q(('period__isempty', False), ('period__upper_inf', False)), name='past_classes_days'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.F('account'), '='), (models.F('period'), '&&')], name='past_classes_overlap')],
                },
            ),
            migrations.CreateModel(
                name='PlanConditionTerm',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('condition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='term_values', to='pricing.plancondition')),
                    ('subscription_type', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subscriptions.subscriptiontype')),
                    ('scheme', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subscriptions.billingtermscheme')),
                    ('frequency', models.CharField(blank=True, choices=[('DAILY', 'Daily'), ('WEEKLY', 'Weekly'), ('MONTHLY', 'Monthly'), ('QUARTERLY', 'Quarterly'), ('BIANNUAL', 'Every six months'), ('ANNUAL', 'Annual')], default='', max_length=9)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('condition', 'subscription_type', 'scheme', 'frequency'), name='plan_condition_term_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('frequency', ''), ('scheme', None), ('subscription_type__isnull', False)), models.Q(('frequency', ''), ('scheme__isnull', False), ('subscription_type', None)), models.Q(('scheme', None), ('subscription_type', None), models.Q(('frequency', ''), _negated=True)), _connector='OR'), name='plan_condition_one_term')],
                },
            ),
            migrations.CreateModel(
                name='HistoricalPlanConditionTerm',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('frequency', models.CharField(blank=True, choices=[('DAILY', 'Daily'), ('WEEKLY', 'Weekly'), ('MONTHLY', 'Monthly'), ('QUARTERLY', 'Quarterly'), ('BIANNUAL', 'Every six months'), ('ANNUAL', 'Annual')], default='', max_length=9)),
                    ('condition', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pricing.plancondition')),
                    ('subscription_type', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='subscriptions.subscriptiontype')),
                    ('scheme', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='subscriptions.billingtermscheme')),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_change_reason', models.CharField(max_length=100, null=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'historical plan condition term',
                    'verbose_name_plural': 'historical plan condition terms',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                    'constraints': [],
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
        ]),
        migrations.RunSQL(FREEZE, THAW),
    ]
