"""Discounts given to subscriptions, and what billing terms a discount is for."""

import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from config.shared.migration_steps import InOneStep

# What billing terms a discount is for is frozen with the discount; column that names it.
PARTS = {
    "subscriptions_discountterms": "discount_id",
    "subscriptions_discountterms_schemes": "discountterms_id",
    "subscriptions_discountterms_subscription_types": "discountterms_id",
}


def triggers():
    """Yield what makes and what drops the triggers."""
    for table, column in PARTS.items():
        yield (
            f"CREATE TRIGGER {table}_freeze BEFORE INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION "
            f"pricing_freeze_usage_part('pricing_additivediscount', '{column}');",
            f"DROP TRIGGER {table}_freeze ON {table};",
        )


class Migration(migrations.Migration):
    dependencies = [
        ("subscriptions", "0010_plan_facts"),
        ("pricing", "0012_discounts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        InOneStep(
            operations=[
                migrations.AddField(
                    model_name='billingtermscheme',
                    name='pricing',
                    field=models.CharField(choices=[('FLEXIBLE', 'Flexible price'), ('FIXED', 'Fixed price')], db_default='FLEXIBLE', default='FLEXIBLE', help_text='At a fixed price no additive discounts are given.', max_length=8, verbose_name='pricing option'),
                ),
                migrations.AddField(
                    model_name='historicalbillingtermscheme',
                    name='pricing',
                    field=models.CharField(choices=[('FLEXIBLE', 'Flexible price'), ('FIXED', 'Fixed price')], db_default='FLEXIBLE', default='FLEXIBLE', help_text='At a fixed price no additive discounts are given.', max_length=8, verbose_name='pricing option'),
                ),
                migrations.CreateModel(
                    name='DiscountTerms',
                    fields=[
                        ('discount', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='terms', serialize=False, to='pricing.additivediscount')),
                        ('frequencies', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('DAILY', 'Daily'), ('WEEKLY', 'Weekly'), ('MONTHLY', 'Monthly'), ('QUARTERLY', 'Quarterly'), ('BIANNUAL', 'Every six months'), ('ANNUAL', 'Annual')], max_length=9), blank=True, default=list, size=None)),
                        ('binding_months', models.PositiveSmallIntegerField(blank=True, help_text='Bound for at least so many months.', null=True)),
                        ('schemes', models.ManyToManyField(blank=True, related_name='discounts', to='subscriptions.billingtermscheme')),
                        ('subscription_types', models.ManyToManyField(blank=True, related_name='discounts', to='subscriptions.subscriptiontype')),
                    ],
                    options={
                        'verbose_name_plural': 'discount terms',
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalDiscountTerms',
                    fields=[
                        ('frequencies', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('DAILY', 'Daily'), ('WEEKLY', 'Weekly'), ('MONTHLY', 'Monthly'), ('QUARTERLY', 'Quarterly'), ('BIANNUAL', 'Every six months'), ('ANNUAL', 'Annual')], max_length=9), blank=True, default=list, size=None)),
                        ('binding_months', models.PositiveSmallIntegerField(blank=True, help_text='Bound for at least so many months.', null=True)),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('discount', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pricing.additivediscount')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical discount terms',
                        'verbose_name_plural': 'historical discount terms',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalDiscountTerms_schemes',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('m2m_history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('billingtermscheme', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='subscriptions.billingtermscheme')),
                        ('discountterms', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='subscriptions.discountterms')),
                        ('history', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='subscriptions.historicaldiscountterms')),
                    ],
                    options={
                        'verbose_name': 'HistoricalDiscountTerms_schemes',
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalDiscountTerms_subscription_types',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('m2m_history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('discountterms', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='subscriptions.discountterms')),
                        ('history', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='subscriptions.historicaldiscountterms')),
                        ('subscriptiontype', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='subscriptions.subscriptiontype')),
                    ],
                    options={
                        'verbose_name': 'HistoricalDiscountTerms_subscription_types',
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='GivenDiscount',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=20, unique=True)),
                        ('period', django.contrib.postgres.fields.ranges.DateRangeField()),
                        ('state', models.CharField(choices=[('WAITING', 'Waiting for approval'), ('GRANTED', 'Granted'), ('REJECTED', 'Rejected'), ('WITHDRAWN', 'Withdrawn')], max_length=9)),
                        ('reason', models.CharField(blank=True, max_length=200)),
                        ('requested_at', models.DateTimeField()),
                        ('decided_at', models.DateTimeField(blank=True, null=True)),
                        ('decision_reason', models.CharField(blank=True, max_length=200)),
                        ('withdrawn_on', models.DateField(blank=True, help_text='The first day it does not count any more.', null=True)),
                        ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                        ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('discount', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='given', to='pricing.additivediscount')),
                        ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('service', models.ForeignKey(blank=True, help_text='Empty: all services that the discount is for.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='discounts', to='subscriptions.subscribedservice')),
                        ('subscription', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='discounts', to='subscriptions.subscription')),
                        ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'permissions': [('approve_givendiscount', 'Can approve or reject discounts asked for')],
                        'indexes': [models.Index(condition=models.Q(('state', 'WAITING')), fields=['id'], name='given_discount_waiting')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('period__isempty', False)), name='given_discount_days'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('state', 'WAITING')), models.Q(('decided_at__isnull', False), ('state__in', ['GRANTED', 'REJECTED'])), ('state', 'WITHDRAWN'), _connector='OR'), name='given_discount_decided'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'WITHDRAWN'), ('withdrawn_on__isnull', False)), models.Q(models.Q(('state', 'WITHDRAWN'), _negated=True), ('withdrawn_on', None)), _connector='OR'), name='given_discount_withdrawn')],
                    },
                ),
            ]
        ),
        *(migrations.RunSQL(make, drop) for make, drop in triggers()),
    ]
