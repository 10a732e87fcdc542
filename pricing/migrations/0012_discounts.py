"""Additive discounts; one that has been given stays as it is, whoever writes."""

import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.text
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from config.shared.migration_steps import InOneStep

# A discount that has been given stays as it is, with its products and criteria; column that names it.
FREE = ("code", "name", "alternative_code", "description", "state", "ended_on", "replaced_by_id")
PARTS = {
    "pricing_discountedproduct": "discount_id",
    "pricing_heldproduct": "discount_id",
    "pricing_additivediscount_account_classes": "additivediscount_id",
    "pricing_additivediscount_classifications": "additivediscount_id",
}


def triggers():
    """Yield what makes and what drops the triggers."""
    columns = ", ".join(f"'{name}'" for name in FREE)
    yield (
        "CREATE TRIGGER pricing_additivediscount_freeze BEFORE UPDATE OR DELETE "
        "ON pricing_additivediscount FOR EACH ROW WHEN (OLD.used_at IS NOT NULL) "
        f"EXECUTE FUNCTION pricing_freeze_usage_plan({columns});",
        "DROP TRIGGER pricing_additivediscount_freeze ON pricing_additivediscount;",
    )
    for table, column in PARTS.items():
        yield (
            f"CREATE TRIGGER {table}_freeze BEFORE INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION "
            f"pricing_freeze_usage_part('pricing_additivediscount', '{column}');",
            f"DROP TRIGGER {table}_freeze ON {table};",
        )


class Migration(migrations.Migration):
    dependencies = [("pricing", "0011_plan_conditions")]

    operations = [
        InOneStep(
            operations=[
                migrations.CreateModel(
                    name='AdditiveDiscount',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.SlugField(max_length=40, unique=True)),
                        ('name', models.CharField(max_length=120)),
                        ('alternative_code', models.CharField(blank=True, max_length=40)),
                        ('application', models.CharField(choices=[('AUTO_APPLY', 'By itself, where its criteria hold'), ('AD_HOC', 'By hand, on a subscription')], default='AUTO_APPLY', max_length=10)),
                        ('needs_approval', models.BooleanField(default=False, help_text='Given by hand, it counts once somebody else has approved it.')),
                        ('applies_to', models.CharField(choices=[('ANY', 'Any service'), ('NON_USAGE', 'All but usage services'), ('USAGE', 'Usage services only')], default='ANY', max_length=9, verbose_name='applies to')),
                        ('option', models.CharField(choices=[('PERCENTAGE_PER_PERIOD', 'Percentage per billing period'), ('AMOUNT_PER_PERIOD', 'Amount per billing period'), ('PERCENTAGE', 'Percentage, once'), ('AMOUNT', 'Amount, once'), ('FREE_PERIOD', 'Free period'), ('FREE_USAGE', 'Free usage')], default='PERCENTAGE_PER_PERIOD', max_length=21)),
                        ('value', models.DecimalField(blank=True, decimal_places=10, max_digits=24, null=True)),
                        ('currency', models.CharField(blank=True, help_text='ISO 4217 code; for amounts only.', max_length=3)),
                        ('for_count', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='lasts')),
                        ('for_unit', models.CharField(blank=True, choices=[('DAY', 'Day'), ('WEEK', 'Week'), ('MONTH', 'Month'), ('YEAR', 'Year')], default='', max_length=5, verbose_name='unit')),
                        ('renewal', models.CharField(choices=[('EVERY_CYCLE', 'Every billing period'), ('EVERY', 'Every so often'), ('NEVER', 'Never')], default='EVERY_CYCLE', max_length=11, verbose_name='given again')),
                        ('renewal_count', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='every')),
                        ('renewal_unit', models.CharField(blank=True, choices=[('DAY', 'Day'), ('WEEK', 'Week'), ('MONTH', 'Month'), ('YEAR', 'Year')], default='', max_length=5, verbose_name='unit')),
                        ('validity', django.contrib.postgres.fields.ranges.DateRangeField(blank=True, help_text='Always, where empty.', null=True)),
                        ('least_quantity', models.DecimalField(blank=True, decimal_places=4, max_digits=12, null=True)),
                        ('most_quantity', models.DecimalField(blank=True, decimal_places=4, max_digits=12, null=True)),
                        ('sort_order', models.IntegerField(default=0, help_text='Of several, those with lower numbers are taken off first.')),
                        ('state', models.CharField(choices=[('DRAFT', 'Draft'), ('EFFECTIVE', 'Effective'), ('NOT_EFFECTIVE', 'Not effective')], default='DRAFT', editable=False, max_length=13)),
                        ('effective_on', models.DateField(blank=True, editable=False, null=True)),
                        ('ended_on', models.DateField(blank=True, editable=False, help_text='The first day it is not given any more.', null=True)),
                        ('used_at', models.DateTimeField(blank=True, editable=False, null=True)),
                        ('description', models.TextField(blank=True)),
                        ('account_classes', models.ManyToManyField(blank=True, related_name='discounts', to='catalog.accountclass')),
                        ('classifications', models.ManyToManyField(blank=True, related_name='discounts', to='catalog.accountclassification')),
                        ('replaced_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaces', to='pricing.additivediscount')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(django.db.models.functions.text.Upper('name'), name='discount_name', violation_error_message='Another discount has this name.'), models.UniqueConstraint(django.db.models.functions.text.Upper('alternative_code'), condition=models.Q(('alternative_code', ''), _negated=True), name='discount_alternative_code', violation_error_message='Another discount has this alternative code.'), models.CheckConstraint(condition=models.Q(models.Q(('option', 'FREE_PERIOD'), ('value', None)), models.Q(('option__in', ('PERCENTAGE', 'PERCENTAGE_PER_PERIOD')), ('value__gt', 0), ('value__lte', 100)), models.Q(('option__in', ['AMOUNT', 'AMOUNT_PER_PERIOD', 'FREE_USAGE']), ('value__gt', 0)), _connector='OR'), name='discount_value'), models.CheckConstraint(condition=models.Q(models.Q(('currency__regex', '^[A-Z]{3}$'), ('option__in', ('AMOUNT', 'AMOUNT_PER_PERIOD'))), models.Q(models.Q(('option__in', ('AMOUNT', 'AMOUNT_PER_PERIOD')), _negated=True), ('currency', '')), _connector='OR'), name='discount_currency'), models.CheckConstraint(condition=models.Q(models.Q(('for_count', None), ('for_unit', '')), models.Q(('for_count__gte', 1), models.Q(('for_unit', ''), _negated=True)), _connector='OR'), name='discount_length'), models.CheckConstraint(condition=models.Q(models.Q(('renewal', 'EVERY'), ('renewal_count__gte', 1), models.Q(('renewal_unit', ''), _negated=True)), models.Q(models.Q(('renewal', 'EVERY'), _negated=True), ('renewal_count', None), ('renewal_unit', '')), _connector='OR'), name='discount_renewal'), models.CheckConstraint(condition=models.Q(models.Q(('option__in', ('PERCENTAGE', 'AMOUNT')), _negated=True), models.Q(('for_count__isnull', True), ('renewal', 'NEVER')), _connector='OR'), name='discount_once'), models.CheckConstraint(condition=models.Q(models.Q(('effective_on', None), ('ended_on', None), ('state', 'DRAFT')), models.Q(('effective_on__isnull', False), ('ended_on', None), ('state', 'EFFECTIVE')), models.Q(('effective_on__isnull', False), ('ended_on__isnull', False), ('state', 'NOT_EFFECTIVE')), _connector='OR'), name='discount_state_days'), models.CheckConstraint(condition=models.Q(('least_quantity', None), ('most_quantity', None), ('most_quantity__gte', models.F('least_quantity')), _connector='OR'), name='discount_quantities')],
                    },
                ),
                migrations.CreateModel(
                    name='DiscountedProduct',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveSmallIntegerField()),
                        ('discount', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='products', to='pricing.additivediscount')),
                        ('family', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.productfamily')),
                        ('product', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='discounted_by', to='catalog.product')),
                        ('type', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.producttype')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('family', None), ('product__isnull', False), ('type', None)), models.Q(('product', None), models.Q(('type__isnull', False), ('family__isnull', False), _connector='OR')), _connector='OR'), name='discounted_product_named')],
                    },
                ),
                migrations.CreateModel(
                    name='HeldProduct',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveSmallIntegerField()),
                        ('least_quantity', models.DecimalField(decimal_places=4, default=1, max_digits=12)),
                        ('discount', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='held_products', to='pricing.additivediscount')),
                        ('family', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.productfamily')),
                        ('product', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='held_for', to='catalog.product')),
                        ('type', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.producttype')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('family', None), ('product__isnull', False), ('type', None)), models.Q(('product', None), models.Q(('type__isnull', False), ('family__isnull', False), _connector='OR')), _connector='OR'), name='held_product_named'), models.CheckConstraint(condition=models.Q(('least_quantity__gt', 0)), name='held_product_quantity')],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalAdditiveDiscount',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('code', models.SlugField(max_length=40)),
                        ('name', models.CharField(max_length=120)),
                        ('alternative_code', models.CharField(blank=True, max_length=40)),
                        ('application', models.CharField(choices=[('AUTO_APPLY', 'By itself, where its criteria hold'), ('AD_HOC', 'By hand, on a subscription')], default='AUTO_APPLY', max_length=10)),
                        ('needs_approval', models.BooleanField(default=False, help_text='Given by hand, it counts once somebody else has approved it.')),
                        ('applies_to', models.CharField(choices=[('ANY', 'Any service'), ('NON_USAGE', 'All but usage services'), ('USAGE', 'Usage services only')], default='ANY', max_length=9, verbose_name='applies to')),
                        ('option', models.CharField(choices=[('PERCENTAGE_PER_PERIOD', 'Percentage per billing period'), ('AMOUNT_PER_PERIOD', 'Amount per billing period'), ('PERCENTAGE', 'Percentage, once'), ('AMOUNT', 'Amount, once'), ('FREE_PERIOD', 'Free period'), ('FREE_USAGE', 'Free usage')], default='PERCENTAGE_PER_PERIOD', max_length=21)),
                        ('value', models.DecimalField(blank=True, decimal_places=10, max_digits=24, null=True)),
                        ('currency', models.CharField(blank=True, help_text='ISO 4217 code; for amounts only.', max_length=3)),
                        ('for_count', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='lasts')),
                        ('for_unit', models.CharField(blank=True, choices=[('DAY', 'Day'), ('WEEK', 'Week'), ('MONTH', 'Month'), ('YEAR', 'Year')], default='', max_length=5, verbose_name='unit')),
                        ('renewal', models.CharField(choices=[('EVERY_CYCLE', 'Every billing period'), ('EVERY', 'Every so often'), ('NEVER', 'Never')], default='EVERY_CYCLE', max_length=11, verbose_name='given again')),
                        ('renewal_count', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='every')),
                        ('renewal_unit', models.CharField(blank=True, choices=[('DAY', 'Day'), ('WEEK', 'Week'), ('MONTH', 'Month'), ('YEAR', 'Year')], default='', max_length=5, verbose_name='unit')),
                        ('validity', django.contrib.postgres.fields.ranges.DateRangeField(blank=True, help_text='Always, where empty.', null=True)),
                        ('least_quantity', models.DecimalField(blank=True, decimal_places=4, max_digits=12, null=True)),
                        ('most_quantity', models.DecimalField(blank=True, decimal_places=4, max_digits=12, null=True)),
                        ('sort_order', models.IntegerField(default=0, help_text='Of several, those with lower numbers are taken off first.')),
                        ('state', models.CharField(choices=[('DRAFT', 'Draft'), ('EFFECTIVE', 'Effective'), ('NOT_EFFECTIVE', 'Not effective')], default='DRAFT', editable=False, max_length=13)),
                        ('effective_on', models.DateField(blank=True, editable=False, null=True)),
                        ('ended_on', models.DateField(blank=True, editable=False, help_text='The first day it is not given any more.', null=True)),
                        ('used_at', models.DateTimeField(blank=True, editable=False, null=True)),
                        ('description', models.TextField(blank=True)),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('replaced_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pricing.additivediscount')),
                    ],
                    options={
                        'verbose_name': 'historical additive discount',
                        'verbose_name_plural': 'historical additive discounts',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalAdditiveDiscount_account_classes',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('m2m_history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('accountclass', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.accountclass')),
                        ('additivediscount', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pricing.additivediscount')),
                        ('history', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='pricing.historicaladditivediscount')),
                    ],
                    options={
                        'verbose_name': 'HistoricalAdditiveDiscount_account_classes',
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalAdditiveDiscount_classifications',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('m2m_history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('accountclassification', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.accountclassification')),
                        ('additivediscount', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pricing.additivediscount')),
                        ('history', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='pricing.historicaladditivediscount')),
                    ],
                    options={
                        'verbose_name': 'HistoricalAdditiveDiscount_classifications',
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalDiscountedProduct',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('position', models.PositiveSmallIntegerField()),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('discount', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pricing.additivediscount')),
                        ('family', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.productfamily')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('product', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.product')),
                        ('type', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.producttype')),
                    ],
                    options={
                        'verbose_name': 'historical discounted product',
                        'verbose_name_plural': 'historical discounted products',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalHeldProduct',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('position', models.PositiveSmallIntegerField()),
                        ('least_quantity', models.DecimalField(decimal_places=4, default=1, max_digits=12)),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('discount', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pricing.additivediscount')),
                        ('family', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.productfamily')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('product', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.product')),
                        ('type', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.producttype')),
                    ],
                    options={
                        'verbose_name': 'historical held product',
                        'verbose_name_plural': 'historical held products',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
            ]
        ),
        *(migrations.RunSQL(make, drop) for make, drop in triggers()),
    ]
