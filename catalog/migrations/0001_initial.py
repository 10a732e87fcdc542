import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.text
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '__first__'),
        ('shared', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccountClass',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('code', models.SlugField(db_index=False, max_length=40, verbose_name='alternative code')),
            ],
            options={
                'verbose_name_plural': 'account classes',
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Upper('name'), name='accountclass_name', violation_error_message='Another account class has this name.'), models.UniqueConstraint(django.db.models.functions.text.Upper('code'), name='accountclass_code', violation_error_message='Another account class has this alternative code.')],
            },
        ),
        migrations.CreateModel(
            name='AccountClassification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('code', models.SlugField(db_index=False, max_length=40, verbose_name='alternative code')),
            ],
            options={
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Upper('name'), name='accountclassification_name', violation_error_message='Another classification has this name.'), models.UniqueConstraint(django.db.models.functions.text.Upper('code'), name='accountclassification_code', violation_error_message='Another classification has this alternative code.')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalAccountClass',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('code', models.SlugField(db_index=False, max_length=40, verbose_name='alternative code')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical account class',
                'verbose_name_plural': 'historical account classes',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalAccountClassification',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('code', models.SlugField(db_index=False, max_length=40, verbose_name='alternative code')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical account classification',
                'verbose_name_plural': 'historical account classifications',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalProduct',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('code', models.CharField(max_length=60)),
                ('alternative_code', models.CharField(max_length=60)),
                ('name', models.CharField(help_text='What staff see in lists.', max_length=120)),
                ('billing_display', models.CharField(blank=True, help_text='What the bill says; the name where empty.', max_length=120)),
                ('charge_type', models.CharField(blank=True, help_text='Group in sales reports.', max_length=60)),
                ('description', models.TextField(blank=True)),
                ('availability', models.CharField(choices=[('AVAILABLE', 'Available'), ('NO_NEW_USERS', 'No new users'), ('DISCONTINUED', 'Discontinued')], default='AVAILABLE', max_length=12)),
                ('sort_order', models.IntegerField(default=0)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical product',
                'verbose_name_plural': 'historical products',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalProductBrand',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('code', models.SlugField(db_index=False, max_length=40, verbose_name='alternative code')),
                ('description', models.TextField(blank=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical product brand',
                'verbose_name_plural': 'historical product brands',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalProductType',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('code', models.SlugField(db_index=False, max_length=40, verbose_name='alternative code')),
                ('classification', models.CharField(choices=[('SERVICE', 'Service'), ('PHYSICAL_GOOD', 'Physical good')], max_length=13)),
                ('service_type', models.CharField(blank=True, choices=[('TERMED', 'Termed'), ('USAGE', 'Usage'), ('ONE_TIME', 'One time'), ('EXPENSE', 'Expense')], max_length=8)),
                ('good_type', models.CharField(blank=True, choices=[('TRACEABLE', 'Traceable'), ('NON_TRACEABLE', 'Non-traceable')], max_length=13, verbose_name='physical good type')),
                ('composition', models.CharField(choices=[('FLAT', 'Flat'), ('FLEXIBLE_BUNDLE', 'Flexible bundle'), ('FIXED_BUNDLE', 'Fixed bundle')], default='FLAT', max_length=15, verbose_name='composition method')),
                ('provisioned', models.BooleanField(default=False, verbose_name='used for provisioning')),
                ('description', models.TextField(blank=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical product type',
                'verbose_name_plural': 'historical product types',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalSalesBundle',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('code', models.SlugField(db_index=False, max_length=60, verbose_name='alternative code')),
                ('name', models.CharField(max_length=120)),
                ('description', models.TextField(blank=True)),
                ('availability', models.CharField(choices=[('AVAILABLE', 'Available'), ('NO_NEW_USERS', 'No new users'), ('DISCONTINUED', 'Discontinued')], default='AVAILABLE', max_length=12)),
                ('validity', django.contrib.postgres.fields.ranges.DateRangeField(blank=True, help_text='Always, where empty.', null=True)),
                ('sort_order', models.IntegerField(default=0)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical sales bundle',
                'verbose_name_plural': 'historical sales bundles',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalTechnology',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('code', models.SlugField(db_index=False, max_length=40, verbose_name='alternative code')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical technology',
                'verbose_name_plural': 'historical technologies',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Product',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=60)),
                ('alternative_code', models.CharField(max_length=60)),
                ('name', models.CharField(help_text='What staff see in lists.', max_length=120)),
                ('billing_display', models.CharField(blank=True, help_text='What the bill says; the name where empty.', max_length=120)),
                ('charge_type', models.CharField(blank=True, help_text='Group in sales reports.', max_length=60)),
                ('description', models.TextField(blank=True)),
                ('availability', models.CharField(choices=[('AVAILABLE', 'Available'), ('NO_NEW_USERS', 'No new users'), ('DISCONTINUED', 'Discontinued')], default='AVAILABLE', max_length=12)),
                ('sort_order', models.IntegerField(default=0)),
                ('account_classes', models.ManyToManyField(blank=True, related_name='products', to='catalog.accountclass')),
            ],
        ),
        migrations.CreateModel(
            name='HistoricalProductValidity',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('period', django.contrib.postgres.fields.ranges.DateRangeField(help_text='Half-open: the last day is not covered.')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('product', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.product')),
            ],
            options={
                'verbose_name': 'historical product validity',
                'verbose_name_plural': 'historical product validities',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalProduct_account_classes',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('m2m_history_id', models.AutoField(primary_key=True, serialize=False)),
                ('accountclass', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.accountclass')),
                ('history', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='catalog.historicalproduct')),
                ('product', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.product')),
            ],
            options={
                'verbose_name': 'HistoricalProduct_account_classes',
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='ProductBrand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('code', models.SlugField(db_index=False, max_length=40, verbose_name='alternative code')),
                ('description', models.TextField(blank=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Upper('name'), name='productbrand_name', violation_error_message='Another brand has this name.'), models.UniqueConstraint(django.db.models.functions.text.Upper('code'), name='productbrand_code', violation_error_message='Another brand has this alternative code.')],
            },
        ),
        migrations.AddField(
            model_name='product',
            name='brand',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='products', to='catalog.productbrand'),
        ),
        migrations.AddField(
            model_name='historicalproduct',
            name='brand',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.productbrand'),
        ),
        migrations.CreateModel(
            name='ProductFamily',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('code', models.SlugField(db_index=False, max_length=40, verbose_name='alternative code')),
                ('description', models.TextField(blank=True)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='catalog.productfamily')),
            ],
            options={
                'verbose_name_plural': 'product families',
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Upper('name'), name='productfamily_name', violation_error_message='Another family has this name.'), models.UniqueConstraint(django.db.models.functions.text.Upper('code'), name='productfamily_code', violation_error_message='Another family has this alternative code.')],
            },
        ),
        migrations.AddField(
            model_name='product',
            name='family',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='products', to='catalog.productfamily'),
        ),
        migrations.CreateModel(
            name='HistoricalProductFamily',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('code', models.SlugField(db_index=False, max_length=40, verbose_name='alternative code')),
                ('description', models.TextField(blank=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('parent', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.productfamily')),
            ],
            options={
                'verbose_name': 'historical product family',
                'verbose_name_plural': 'historical product families',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name='historicalproduct',
            name='family',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.productfamily'),
        ),
        migrations.CreateModel(
            name='ProductType',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('code', models.SlugField(db_index=False, max_length=40, verbose_name='alternative code')),
                ('classification', models.CharField(choices=[('SERVICE', 'Service'), ('PHYSICAL_GOOD', 'Physical good')], max_length=13)),
                ('service_type', models.CharField(blank=True, choices=[('TERMED', 'Termed'), ('USAGE', 'Usage'), ('ONE_TIME', 'One time'), ('EXPENSE', 'Expense')], max_length=8)),
                ('good_type', models.CharField(blank=True, choices=[('TRACEABLE', 'Traceable'), ('NON_TRACEABLE', 'Non-traceable')], max_length=13, verbose_name='physical good type')),
                ('composition', models.CharField(choices=[('FLAT', 'Flat'), ('FLEXIBLE_BUNDLE', 'Flexible bundle'), ('FIXED_BUNDLE', 'Fixed bundle')], default='FLAT', max_length=15, verbose_name='composition method')),
                ('provisioned', models.BooleanField(default=False, verbose_name='used for provisioning')),
                ('description', models.TextField(blank=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Upper('name'), name='producttype_name', violation_error_message='Another product type has this name.'), models.UniqueConstraint(django.db.models.functions.text.Upper('code'), name='producttype_code', violation_error_message='Another product type has this alternative code.'), models.CheckConstraint(condition=models.Q(models.Q(('classification', 'SERVICE'), ('good_type', ''), models.Q(('service_type', ''), _negated=True)), models.Q(('classification', 'PHYSICAL_GOOD'), ('service_type', ''), models.Q(('good_type', ''), _negated=True)), _connector='OR'), name='product_type_one_kind', violation_error_message='A service has a service type, a physical good a physical good type.'), models.CheckConstraint(condition=models.Q(('composition', 'FLAT'), models.Q(('composition', 'FLEXIBLE_BUNDLE'), ('service_type', 'TERMED')), models.Q(('composition', 'FIXED_BUNDLE'), ('service_type', 'TERMED')), models.Q(('classification', 'PHYSICAL_GOOD'), ('composition', 'FIXED_BUNDLE')), _connector='OR'), name='product_type_composition', violation_error_message='Flexible bundles are termed services; fixed bundles are termed services or physical goods; everything else is flat.')],
            },
        ),
        migrations.AddField(
            model_name='product',
            name='type',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='products', to='catalog.producttype'),
        ),
        migrations.AddField(
            model_name='historicalproduct',
            name='type',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.producttype'),
        ),
        migrations.CreateModel(
            name='HistoricalBundleComponent',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('minimum', models.PositiveIntegerField(default=0)),
                ('maximum', models.PositiveIntegerField(blank=True, null=True)),
                ('quantity', models.DecimalField(blank=True, decimal_places=4, max_digits=12, null=True)),
                ('mandatory', models.BooleanField(default=True)),
                ('sort_order', models.IntegerField(default=0)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('bundle', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.product')),
                ('product', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.product')),
                ('family', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.productfamily')),
                ('type', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.producttype')),
            ],
            options={
                'verbose_name': 'historical bundle component',
                'verbose_name_plural': 'historical bundle components',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='BundleComponent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minimum', models.PositiveIntegerField(default=0)),
                ('maximum', models.PositiveIntegerField(blank=True, null=True)),
                ('quantity', models.DecimalField(blank=True, decimal_places=4, max_digits=12, null=True)),
                ('mandatory', models.BooleanField(default=True)),
                ('sort_order', models.IntegerField(default=0)),
                ('bundle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='components', to='catalog.product')),
                ('product', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='component_of', to='catalog.product')),
                ('family', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.productfamily')),
                ('type', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.producttype')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('family', None), ('product__isnull', False), ('type', None)), models.Q(('product', None), models.Q(('type__isnull', False), ('family__isnull', False), _connector='OR')), _connector='OR'), name='bundle_component_selector', violation_error_message='Name a product, or a type and/or a family.'), models.CheckConstraint(condition=models.Q(('maximum', None), ('maximum__gte', models.F('minimum')), _connector='OR'), name='bundle_component_range', violation_error_message='The maximum is below the minimum.'), models.CheckConstraint(condition=models.Q(('product', None), models.Q(('product', models.F('bundle')), _negated=True), _connector='OR'), name='bundle_component_not_itself', violation_error_message='A bundle cannot contain itself.'), models.CheckConstraint(condition=models.Q(('quantity', None), ('quantity__gt', 0), _connector='OR'), name='bundle_component_quantity'), models.UniqueConstraint(condition=models.Q(('product__isnull', False)), fields=('bundle', 'product'), name='bundle_component_once', violation_error_message='The bundle already has this component.')],
            },
        ),
        migrations.CreateModel(
            name='ProductValidity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', django.contrib.postgres.fields.ranges.DateRangeField(help_text='Half-open: the last day is not covered.')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='validities', to='catalog.product')),
            ],
            options={
                'verbose_name_plural': 'product validities',
                'constraints': [models.CheckConstraint(condition=models.Q(('period__isempty', False), ('period__startswith__isnull', False)), name='product_validity_days'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.F('product'), '='), (models.F('period'), '&&')], name='product_validity_overlap', violation_error_message='The periods of validity overlap.')],
            },
        ),
        migrations.CreateModel(
            name='SalesBundle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(db_index=False, max_length=60, verbose_name='alternative code')),
                ('name', models.CharField(max_length=120)),
                ('description', models.TextField(blank=True)),
                ('availability', models.CharField(choices=[('AVAILABLE', 'Available'), ('NO_NEW_USERS', 'No new users'), ('DISCONTINUED', 'Discontinued')], default='AVAILABLE', max_length=12)),
                ('validity', django.contrib.postgres.fields.ranges.DateRangeField(blank=True, help_text='Always, where empty.', null=True)),
                ('sort_order', models.IntegerField(default=0)),
                ('account_classes', models.ManyToManyField(blank=True, related_name='sales_bundles', to='catalog.accountclass')),
            ],
        ),
        migrations.CreateModel(
            name='HistoricalSalesBundleItem',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('quantity', models.DecimalField(decimal_places=4, default=1, max_digits=12)),
                ('sort_order', models.IntegerField(default=0)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('product', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.product')),
                ('bundle', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.salesbundle')),
            ],
            options={
                'verbose_name': 'historical sales bundle item',
                'verbose_name_plural': 'historical sales bundle items',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalSalesBundle_account_classes',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('m2m_history_id', models.AutoField(primary_key=True, serialize=False)),
                ('accountclass', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.accountclass')),
                ('history', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='catalog.historicalsalesbundle')),
                ('salesbundle', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.salesbundle')),
            ],
            options={
                'verbose_name': 'HistoricalSalesBundle_account_classes',
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='SalesBundleItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.DecimalField(decimal_places=4, default=1, max_digits=12)),
                ('sort_order', models.IntegerField(default=0)),
                ('bundle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='catalog.salesbundle')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.product')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='sales_bundle_item_quantity'), models.UniqueConstraint(fields=('bundle', 'product'), name='sales_bundle_item_once')],
            },
        ),
        migrations.CreateModel(
            name='Technology',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('code', models.SlugField(db_index=False, max_length=40, verbose_name='alternative code')),
            ],
            options={
                'verbose_name_plural': 'technologies',
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Upper('name'), name='technology_name', violation_error_message='Another technology has this name.'), models.UniqueConstraint(django.db.models.functions.text.Upper('code'), name='technology_code', violation_error_message='Another technology has this alternative code.')],
            },
        ),
        migrations.AddField(
            model_name='salesbundle',
            name='technologies',
            field=models.ManyToManyField(blank=True, related_name='sales_bundles', to='catalog.technology'),
        ),
        migrations.AddField(
            model_name='product',
            name='technologies',
            field=models.ManyToManyField(blank=True, related_name='products', to='catalog.technology'),
        ),
        migrations.CreateModel(
            name='HistoricalSalesBundle_technologies',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('m2m_history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='catalog.historicalsalesbundle')),
                ('salesbundle', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.salesbundle')),
                ('technology', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.technology')),
            ],
            options={
                'verbose_name': 'HistoricalSalesBundle_technologies',
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalProduct_technologies',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('m2m_history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='catalog.historicalproduct')),
                ('product', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.product')),
                ('technology', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.technology')),
            ],
            options={
                'verbose_name': 'HistoricalProduct_technologies',
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddConstraint(
            model_name='salesbundle',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Upper('code'), name='salesbundle_code', violation_error_message='Another sales bundle has this alternative code.'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(fields=['sort_order', 'name', 'id'], name='product_order'),
        ),
        migrations.AddConstraint(
            model_name='product',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Upper('code'), name='product_code', violation_error_message='Another product has this code.'),
        ),
        migrations.AddConstraint(
            model_name='product',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Upper('alternative_code'), name='product_alternative_code', violation_error_message='Another product has this alternative code.'),
        ),
    ]
