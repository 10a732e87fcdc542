import django.db.models.deletion
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models

from config.shared.migration_steps import InOneStep


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '__first__'),
        ('catalog', '0001_initial'),
        ('subscriptions', '0001_initial'),
    ]

    operations = [
        InOneStep(
            operations=[
                migrations.CreateModel(
                    name='Provider',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.SlugField(max_length=40, unique=True)),
                        ('name', models.CharField(max_length=80)),
                        ('protocol', models.CharField(choices=[('HTTP_JSON', 'HTTP with JSON')], default='HTTP_JSON', max_length=9)),
                        ('url', models.URLField(help_text='Where requests are sent.', verbose_name='address')),
                        ('timeout_seconds', models.PositiveSmallIntegerField(default=5)),
                        ('method', models.CharField(choices=[('PER_SERVICE', 'A request per service'), ('WHOLE_SUBSCRIPTION', 'A request per subscription')], default='PER_SERVICE', max_length=18)),
                        ('effective', models.BooleanField(default=False)),
                    ],
                ),
                migrations.CreateModel(
                    name='Distributor',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.SlugField(max_length=40)),
                        ('name', models.CharField(max_length=80)),
                        ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='distributors', to='provisioning.provider')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('provider', 'code'), name='distributor_code')],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalProductDistribution',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('external_id', models.CharField(max_length=80, verbose_name="provider's id")),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('product', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.product')),
                        ('provider', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='provisioning.provider')),
                    ],
                    options={
                        'verbose_name': 'historical product distribution',
                        'verbose_name_plural': 'historical product distributions',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalProvider',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('code', models.SlugField(max_length=40)),
                        ('name', models.CharField(max_length=80)),
                        ('protocol', models.CharField(choices=[('HTTP_JSON', 'HTTP with JSON')], default='HTTP_JSON', max_length=9)),
                        ('url', models.URLField(help_text='Where requests are sent.', verbose_name='address')),
                        ('timeout_seconds', models.PositiveSmallIntegerField(default=5)),
                        ('method', models.CharField(choices=[('PER_SERVICE', 'A request per service'), ('WHOLE_SUBSCRIPTION', 'A request per subscription')], default='PER_SERVICE', max_length=18)),
                        ('effective', models.BooleanField(default=False)),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical provider',
                        'verbose_name_plural': 'historical providers',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='ProductDistribution',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('external_id', models.CharField(max_length=80, verbose_name="provider's id")),
                        ('distributors', models.ManyToManyField(related_name='distributions', to='provisioning.distributor', verbose_name='applied distributors')),
                        ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='distributions', to='catalog.product')),
                        ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='distributions', to='provisioning.provider')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('product', 'provider'), name='product_distribution_once', violation_error_message='The product is at this provider already.'), models.UniqueConstraint(fields=('provider', 'external_id'), name='product_distribution_external', violation_error_message='The provider uses this id for another product.')],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalProductDistribution_distributors',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('m2m_history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('distributor', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='provisioning.distributor')),
                        ('history', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='provisioning.historicalproductdistribution')),
                        ('productdistribution', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='provisioning.productdistribution')),
                    ],
                    options={
                        'verbose_name': 'HistoricalProductDistribution_distributors',
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalDistributor',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('code', models.SlugField(max_length=40)),
                        ('name', models.CharField(max_length=80)),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('provider', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='provisioning.provider')),
                    ],
                    options={
                        'verbose_name': 'historical distributor',
                        'verbose_name_plural': 'historical distributors',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='ProvisioningRequest',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=20, unique=True)),
                        ('kind', models.CharField(choices=[('ACTIVATE_SERVICE', 'Activate service'), ('DEACTIVATE_SERVICE', 'Deactivate service'), ('ACTIVATE_SUBSCRIBER', 'Activate subscriber'), ('DEACTIVATE_SUBSCRIBER', 'Deactivate subscriber')], max_length=21)),
                        ('payload', models.JSONField(help_text='What is sent.')),
                        ('idempotency_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('state', models.CharField(choices=[('PENDING', 'Pending'), ('COMPLETED', 'Completed'), ('REJECTED', 'Rejected'), ('DEAD', 'Given up'), ('SKIPPED', 'Skipped')], default='PENDING', max_length=9)),
                        ('attempts', models.PositiveSmallIntegerField(default=0)),
                        ('next_attempt_at', models.DateTimeField()),
                        ('created_at', models.DateTimeField()),
                        ('answered_at', models.DateTimeField(blank=True, null=True)),
                        ('response', models.JSONField(blank=True, help_text="The provider's last answer.", null=True)),
                        ('last_error', models.TextField(blank=True)),
                        ('skip_reason', models.CharField(blank=True, max_length=200)),
                        ('action', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='provisioning_requests', to='subscriptions.subscriptionaction')),
                        ('handled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('provider', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='provisioning.provider')),
                        ('subscription', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='provisioning_requests', to='subscriptions.subscription')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('state', 'PENDING')), fields=['next_attempt_at'], name='request_due'), models.Index(condition=models.Q(('state__in', ['PENDING', 'REJECTED', 'DEAD'])), fields=['subscription', 'provider', 'id'], name='request_lane')],
                    },
                ),
            ],
        ),
    ]
