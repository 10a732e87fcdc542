"""Conditional price plans have a base and conditions, frozen with the plan."""

import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from config.shared.migration_steps import InOneStep

FREEZE = """
CREATE FUNCTION pricing_freeze_condition() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    used text;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        used := pricing_used_plan(OLD.plan_id);
    END IF;
    IF TG_OP <> 'DELETE' AND used IS NULL THEN
        used := pricing_used_plan(NEW.plan_id);
    END IF;
    IF used IS NOT NULL THEN
        PERFORM pricing_refuse_frozen(used);
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;

CREATE TRIGGER pricing_freeze_condition BEFORE INSERT OR UPDATE OR DELETE ON pricing_plancondition
    FOR EACH ROW EXECUTE FUNCTION pricing_freeze_condition();

-- For every table whose rows are values of a condition, in whatever app.
CREATE FUNCTION pricing_freeze_condition_value() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    used text;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        SELECT pricing_used_plan(plan_id) INTO used
            FROM pricing_plancondition WHERE id = OLD.condition_id;
    END IF;
    IF TG_OP <> 'DELETE' AND used IS NULL THEN
        SELECT pricing_used_plan(plan_id) INTO used
            FROM pricing_plancondition WHERE id = NEW.condition_id;
    END IF;
    IF used IS NOT NULL THEN
        PERFORM pricing_refuse_frozen(used);
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;

CREATE TRIGGER pricing_freeze_condition_value
    BEFORE INSERT OR UPDATE OR DELETE ON pricing_planconditionvalue
    FOR EACH ROW EXECUTE FUNCTION pricing_freeze_condition_value();

CREATE OR REPLACE FUNCTION pricing_freeze_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM pricing_refuse_frozen(OLD.code);
    ELSIF NEW.used_at IS NULL OR NEW.currency <> OLD.currency OR NEW.kind <> OLD.kind
        OR NEW.base_id IS DISTINCT FROM OLD.base_id THEN
        PERFORM pricing_refuse_frozen(OLD.code);
    END IF;
    RETURN NEW;
END $$;

-- FOR SHARE: the base stays what it is until the transaction that points at it is over.
CREATE FUNCTION pricing_check_base() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    base pricing_priceplan;
BEGIN
    IF NEW.base_id IS NOT NULL THEN
        SELECT * INTO base FROM pricing_priceplan WHERE id = NEW.base_id FOR SHARE;
        IF base.id = NEW.id OR base.kind <> 'BASE' OR base.currency <> NEW.currency THEN
            RAISE EXCEPTION 'The base of price plan % is no base plan in %.', NEW.code, NEW.currency
                USING ERRCODE = 'check_violation', CONSTRAINT = 'price_plan_base';
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' AND EXISTS (
        SELECT FROM pricing_priceplan
        WHERE base_id = NEW.id AND (NEW.kind <> 'BASE' OR currency <> NEW.currency)
    ) THEN
        RAISE EXCEPTION 'Price plan % is the base of a conditional plan.', NEW.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'price_plan_base';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER pricing_check_base BEFORE INSERT OR UPDATE OF kind, base_id, currency
    ON pricing_priceplan FOR EACH ROW EXECUTE FUNCTION pricing_check_base();
"""

THAW = """
DROP TRIGGER pricing_check_base ON pricing_priceplan;
DROP FUNCTION pricing_check_base();
DROP TRIGGER pricing_freeze_condition_value ON pricing_planconditionvalue;
DROP FUNCTION pricing_freeze_condition_value();
DROP TRIGGER pricing_freeze_condition ON pricing_plancondition;
DROP FUNCTION pricing_freeze_condition();
CREATE OR REPLACE FUNCTION pricing_freeze_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM pricing_refuse_frozen(OLD.code);
    ELSIF NEW.used_at IS NULL OR NEW.currency <> OLD.currency OR NEW.kind <> OLD.kind THEN
        PERFORM pricing_refuse_frozen(OLD.code);
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [("pricing", "0010_rate_tiers")]

    operations = [
        InOneStep([
            migrations.AddField(
                model_name='priceplan',
                name='base',
                field=models.ForeignKey(blank=True, help_text='Its rates hold where the conditions do not.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='conditional_plans', to='pricing.priceplan', verbose_name='base plan'),
            ),
            migrations.AddField(
                model_name='historicalpriceplan',
                name='base',
                field=models.ForeignKey(blank=True, db_constraint=False, help_text='Its rates hold where the conditions do not.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pricing.priceplan', verbose_name='base plan'),
            ),
            migrations.AddConstraint(
                model_name='priceplan',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('base', None), ('kind', 'BASE')), models.Q(('base__isnull', False), ('kind', 'CONDITIONAL')), _connector='OR'), name='price_plan_has_base', violation_error_message='A conditional plan has a base plan, a base plan none.'),
            ),
            migrations.CreateModel(
                name='PlanCondition',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conditions', to='pricing.priceplan')),
                    ('position', models.PositiveSmallIntegerField()),
                    ('use', models.CharField(choices=[('SELECTION', 'To choose the plan'), ('RATES', 'To use its rates')], max_length=9)),
                    ('kind', models.CharField(choices=[('ACCOUNT_CLASS', 'Account class'), ('CLASSIFICATION', 'Account classification'), ('SUBSCRIPTION_TYPE', 'Subscription type'), ('SCHEME', 'Billing term scheme'), ('FREQUENCY', 'Billing frequency'), ('BINDING', 'Months of the binding period'), ('SERVICES', 'Services on the subscription'), ('DAYS', 'Days')], max_length=17)),
                    ('least', models.DecimalField(blank=True, decimal_places=4, max_digits=12, null=True)),
                    ('most', models.DecimalField(blank=True, decimal_places=4, max_digits=12, null=True)),
                    ('days', django.contrib.postgres.fields.ranges.DateRangeField(blank=True, null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('plan', 'position'), name='plan_condition_position'), models.CheckConstraint(condition=models.Q(models.Q(('days__isempty', False), ('kind', 'DAYS')), models.Q(models.Q(('kind', 'DAYS'), _negated=True), ('days', None)), _connector='OR'), name='plan_condition_days'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['BINDING', 'SERVICES']), models.Q(('least__isnull', False), ('most__isnull', False), _connector='OR'), models.Q(('least', None), ('least__gte', 0), _connector='OR'), models.Q(('most', None), models.Q(('least', None), ('most__gte', 0)), ('most__gte', models.F('least')), _connector='OR')), models.Q(models.Q(('kind__in', ['BINDING', 'SERVICES']), _negated=True), ('least', None), ('most', None)), _connector='OR'), name='plan_condition_bounds')],
                },
            ),
            migrations.CreateModel(
                name='HistoricalPlanCondition',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('position', models.PositiveSmallIntegerField()),
                    ('use', models.CharField(choices=[('SELECTION', 'To choose the plan'), ('RATES', 'To use its rates')], max_length=9)),
                    ('kind', models.CharField(choices=[('ACCOUNT_CLASS', 'Account class'), ('CLASSIFICATION', 'Account classification'), ('SUBSCRIPTION_TYPE', 'Subscription type'), ('SCHEME', 'Billing term scheme'), ('FREQUENCY', 'Billing frequency'), ('BINDING', 'Months of the binding period'), ('SERVICES', 'Services on the subscription'), ('DAYS', 'Days')], max_length=17)),
                    ('least', models.DecimalField(blank=True, decimal_places=4, max_digits=12, null=True)),
                    ('most', models.DecimalField(blank=True, decimal_places=4, max_digits=12, null=True)),
                    ('days', django.contrib.postgres.fields.ranges.DateRangeField(blank=True, null=True)),
                    ('plan', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pricing.priceplan')),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_change_reason', models.CharField(max_length=100, null=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'historical plan condition',
                    'verbose_name_plural': 'historical plan conditions',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                    'constraints': [],
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.CreateModel(
                name='PlanConditionValue',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('condition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='values', to='pricing.plancondition')),
                    ('account_class', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.accountclass')),
                    ('classification', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.accountclassification')),
                    ('product', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.product')),
                    ('family', models.ForeignKey(blank=True, help_text='With the families below it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.productfamily')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('condition', 'account_class', 'classification', 'product', 'family'), name='plan_condition_value_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('account_class__isnull', False), ('classification', None), ('family', None), ('product', None)), models.Q(('account_class', None), ('classification__isnull', False), ('family', None), ('product', None)), models.Q(('account_class', None), ('classification', None), ('family', None), ('product__isnull', False)), models.Q(('account_class', None), ('classification', None), ('family__isnull', False), ('product', None)), _connector='OR'), name='plan_condition_one_value')],
                },
            ),
            migrations.CreateModel(
                name='HistoricalPlanConditionValue',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('condition', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pricing.plancondition')),
                    ('account_class', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.accountclass')),
                    ('classification', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.accountclassification')),
                    ('product', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.product')),
                    ('family', models.ForeignKey(blank=True, db_constraint=False, help_text='With the families below it.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.productfamily')),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_change_reason', models.CharField(max_length=100, null=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'historical plan condition value',
                    'verbose_name_plural': 'historical plan condition values',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                    'constraints': [],
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
        ]),
        migrations.RunSQL(FREEZE, THAW),
    ]
