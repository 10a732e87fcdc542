import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '__first__'),
        ('catalog', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Currency',
            fields=[
                ('code', models.CharField(max_length=3, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60)),
                ('minor_digits', models.PositiveSmallIntegerField(default=2)),
            ],
            options={
                'verbose_name_plural': 'currencies',
            },
        ),
        migrations.CreateModel(
            name='TaxCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('kind', models.CharField(choices=[('VAT', 'VAT'), ('SALES_TAX', 'Sales tax'), ('EXEMPT', 'Exempt')], default='VAT', max_length=9)),
                ('rate_date', models.CharField(choices=[('POSTING', 'Posting date of the document'), ('SERVICE_PERIOD', 'Days of the service')], default='POSTING', max_length=14)),
            ],
        ),
        migrations.CreateModel(
            name='HistoricalTaxCode',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('code', models.SlugField(max_length=40)),
                ('name', models.CharField(max_length=80)),
                ('kind', models.CharField(choices=[('VAT', 'VAT'), ('SALES_TAX', 'Sales tax'), ('EXEMPT', 'Exempt')], default='VAT', max_length=9)),
                ('rate_date', models.CharField(choices=[('POSTING', 'Posting date of the document'), ('SERVICE_PERIOD', 'Days of the service')], default='POSTING', max_length=14)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical tax code',
                'verbose_name_plural': 'historical tax codes',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='PricePlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('currency', models.CharField(help_text='ISO 4217 code.', max_length=3)),
                ('kind', models.CharField(choices=[('BASE', 'Base'), ('CONDITIONAL', 'Conditional')], default='BASE', max_length=11)),
                ('state', models.CharField(choices=[('DRAFT', 'Draft'), ('EFFECTIVE', 'Effective'), ('EXPIRED', 'Expired')], default='DRAFT', max_length=9)),
                ('validity', django.contrib.postgres.fields.ranges.DateRangeField(blank=True, help_text='Always, where empty.', null=True)),
                ('used_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('description', models.TextField(blank=True)),
                ('replaced_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaces', to='pricing.priceplan')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='price_plan_currency')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalPricePlanRate',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('basis', models.CharField(choices=[('FLAT_FEE', 'Flat fee'), ('QUANTITY', 'Quantity'), ('MATURITY', 'Maturity'), ('QUANTITY_AND_MATURITY', 'Quantity and maturity'), ('DURATION', 'Duration'), ('USAGE', 'Usage')], max_length=21)),
                ('tiered', models.BooleanField(default=False)),
                ('per_count', models.PositiveSmallIntegerField(default=1)),
                ('per_unit', models.CharField(choices=[('DAY', 'Day'), ('WEEK', 'Week'), ('MONTH', 'Month'), ('YEAR', 'Year')], default='MONTH', max_length=5)),
                ('base_amount', models.DecimalField(decimal_places=10, default=0, max_digits=24)),
                ('tax_inclusive', models.BooleanField(default=False)),
                ('setup_fee', models.DecimalField(decimal_places=10, default=0, max_digits=24)),
                ('deposit', models.DecimalField(decimal_places=10, default=0, max_digits=24)),
                ('effective_from', models.CharField(choices=[('SERVICE', 'First day of the service'), ('AGREEMENT', 'Agreement date of the billing terms'), ('BINDING', 'Start of the binding period')], default='SERVICE', max_length=9)),
                ('after_last', models.CharField(choices=[('STOP', 'Stop'), ('KEEP', 'Keep'), ('REPEAT', 'Repeat')], default='KEEP', help_text='What follows the last phase.', max_length=6)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('bundle', models.ForeignKey(blank=True, db_constraint=False, help_text='Only where the product is a component of this bundle.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.product')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('product', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.product')),
                ('plan', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pricing.priceplan')),
            ],
            options={
                'verbose_name': 'historical price plan rate',
                'verbose_name_plural': 'historical price plan rates',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalPricePlan',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('code', models.SlugField(max_length=40)),
                ('name', models.CharField(max_length=120)),
                ('currency', models.CharField(help_text='ISO 4217 code.', max_length=3)),
                ('kind', models.CharField(choices=[('BASE', 'Base'), ('CONDITIONAL', 'Conditional')], default='BASE', max_length=11)),
                ('state', models.CharField(choices=[('DRAFT', 'Draft'), ('EFFECTIVE', 'Effective'), ('EXPIRED', 'Expired')], default='DRAFT', max_length=9)),
                ('validity', django.contrib.postgres.fields.ranges.DateRangeField(blank=True, help_text='Always, where empty.', null=True)),
                ('used_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('description', models.TextField(blank=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaced_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pricing.priceplan')),
            ],
            options={
                'verbose_name': 'historical price plan',
                'verbose_name_plural': 'historical price plans',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='PricePlanRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('basis', models.CharField(choices=[('FLAT_FEE', 'Flat fee'), ('QUANTITY', 'Quantity'), ('MATURITY', 'Maturity'), ('QUANTITY_AND_MATURITY', 'Quantity and maturity'), ('DURATION', 'Duration'), ('USAGE', 'Usage')], max_length=21)),
                ('tiered', models.BooleanField(default=False)),
                ('per_count', models.PositiveSmallIntegerField(default=1)),
                ('per_unit', models.CharField(choices=[('DAY', 'Day'), ('WEEK', 'Week'), ('MONTH', 'Month'), ('YEAR', 'Year')], default='MONTH', max_length=5)),
                ('base_amount', models.DecimalField(decimal_places=10, default=0, max_digits=24)),
                ('tax_inclusive', models.BooleanField(default=False)),
                ('setup_fee', models.DecimalField(decimal_places=10, default=0, max_digits=24)),
                ('deposit', models.DecimalField(decimal_places=10, default=0, max_digits=24)),
                ('effective_from', models.CharField(choices=[('SERVICE', 'First day of the service'), ('AGREEMENT', 'Agreement date of the billing terms'), ('BINDING', 'Start of the binding period')], default='SERVICE', max_length=9)),
                ('after_last', models.CharField(choices=[('STOP', 'Stop'), ('KEEP', 'Keep'), ('REPEAT', 'Repeat')], default='KEEP', help_text='What follows the last phase.', max_length=6)),
                ('bundle', models.ForeignKey(blank=True, help_text='Only where the product is a component of this bundle.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='component_rates', to='catalog.product')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rates', to='pricing.priceplan')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rates', to='catalog.product')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('plan', 'product', 'bundle'), name='price_plan_rate_once', nulls_distinct=False, violation_error_message='The plan already has a rate for this product.'), models.CheckConstraint(condition=models.Q(('base_amount__gte', 0), ('deposit__gte', 0), ('per_count__gte', 1), ('setup_fee__gte', 0)), name='price_plan_rate_amounts')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalRatePhase',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('count', models.PositiveSmallIntegerField(default=1)),
                ('unit', models.CharField(choices=[('DAY', 'Day'), ('WEEK', 'Week'), ('MONTH', 'Month'), ('YEAR', 'Year')], default='MONTH', max_length=5)),
                ('times', models.PositiveSmallIntegerField(help_text='0 = until cancelled; last phase only.')),
                ('amount', models.DecimalField(decimal_places=10, max_digits=24)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rate', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pricing.priceplanrate')),
            ],
            options={
                'verbose_name': 'historical rate phase',
                'verbose_name_plural': 'historical rate phases',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='RatePhase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('count', models.PositiveSmallIntegerField(default=1)),
                ('unit', models.CharField(choices=[('DAY', 'Day'), ('WEEK', 'Week'), ('MONTH', 'Month'), ('YEAR', 'Year')], default='MONTH', max_length=5)),
                ('times', models.PositiveSmallIntegerField(help_text='0 = until cancelled; last phase only.')),
                ('amount', models.DecimalField(decimal_places=10, max_digits=24)),
                ('rate', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='phases', to='pricing.priceplanrate')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('rate', 'position'), name='rate_phase_position'), models.CheckConstraint(condition=models.Q(('amount__gte', 0), ('count__gte', 1)), name='rate_phase_amounts')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalTaxRate',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('code', models.SlugField(max_length=40)),
                ('name', models.CharField(max_length=80)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tax_code', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pricing.taxcode')),
            ],
            options={
                'verbose_name': 'historical tax rate',
                'verbose_name_plural': 'historical tax rates',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='TaxRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40)),
                ('name', models.CharField(max_length=80)),
                ('tax_code', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rates', to='pricing.taxcode')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tax_code', 'code'), name='tax_rate_code')],
            },
        ),
        migrations.CreateModel(
            name='ProductTax',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('applied', models.BooleanField(default=False)),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='taxes', to='catalog.product')),
                ('tax_code', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pricing.taxcode')),
                ('tax_rate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='product_taxes', to='pricing.taxrate')),
            ],
            options={
                'verbose_name_plural': 'product taxes',
                'constraints': [models.UniqueConstraint(fields=('product', 'tax_rate'), name='product_tax_once', violation_error_message='The product already has this rate.'), models.UniqueConstraint(condition=models.Q(('applied', True)), fields=('product', 'tax_code'), name='product_tax_one_applied', violation_error_message='Exactly one rate per tax code is applied.')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalTaxRateVersion',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('period', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('fraction', models.DecimalField(decimal_places=8, max_digits=9)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tax_rate', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pricing.taxrate')),
            ],
            options={
                'verbose_name': 'historical tax rate version',
                'verbose_name_plural': 'historical tax rate versions',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalProductTax',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('applied', models.BooleanField(default=False)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('product', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.product')),
                ('tax_code', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pricing.taxcode')),
                ('tax_rate', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pricing.taxrate')),
            ],
            options={
                'verbose_name': 'historical product tax',
                'verbose_name_plural': 'historical product taxes',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='TaxRateVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('fraction', models.DecimalField(decimal_places=8, max_digits=9)),
                ('tax_rate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='pricing.taxrate')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('fraction__gte', 0), ('fraction__lte', 1), ('period__isempty', False)), name='tax_rate_version_fraction'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.F('tax_rate'), '='), (models.F('period'), '&&')], name='tax_rate_version_overlap', violation_error_message='The rate has another percentage in this period.')],
            },
        ),
    ]
