import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from config.shared.migration_steps import InOneStep


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '__first__'),
        ('catalog', '0001_initial'),
        ('pricing', '0001_initial'),
        ('shared', '0001_initial'),
        ('subscriptions', '0001_initial'),
    ]

    operations = [
        InOneStep(
            operations=[
                migrations.CreateModel(
                    name='AccountBalance',
                    fields=[
                        ('account', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='account_balance', serialize=False, to='subscriptions.account')),
                        ('balance', models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                    ],
                ),
                migrations.CreateModel(
                    name='Bill',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(blank=True, max_length=24, null=True, unique=True)),
                        ('state', models.CharField(choices=[('DRAFT', 'Draft'), ('POSTED', 'Posted')], max_length=6)),
                        ('as_of', models.DateField(help_text='The business day the run billed up to.')),
                        ('issued_on', models.DateField(help_text='The posting date of its documents.')),
                        ('due_on', models.DateField(help_text='The latest due date of its invoices.')),
                        ('period', django.contrib.postgres.fields.ranges.DateRangeField(help_text='From the first day billed to the last.')),
                        ('currency', models.CharField(max_length=3)),
                        ('net_amount', models.DecimalField(decimal_places=4, max_digits=18)),
                        ('tax_amount', models.DecimalField(decimal_places=4, max_digits=18)),
                        ('total_debit', models.DecimalField(decimal_places=4, help_text='Sum of the invoices, tax included.', max_digits=18)),
                        ('total_credit', models.DecimalField(decimal_places=4, help_text='Sum of the credit notes, tax included.', max_digits=18)),
                        ('total_billed', models.DecimalField(decimal_places=4, help_text='Debits minus credits.', max_digits=18)),
                        ('brought_forward', models.DecimalField(decimal_places=4, help_text='Outstanding on the account when the bill was made.', max_digits=18)),
                        ('credits_between', models.DecimalField(decimal_places=4, help_text='What is left of credits posted before: the earlier debits did not use it up.', max_digits=18)),
                        ('to_be_paid', models.DecimalField(decimal_places=4, help_text='Billed plus brought forward minus those credits.', max_digits=18)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bills', to='subscriptions.account')),
                        ('run', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bills', to='shared.run')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['issued_on', 'id'], name='bill_by_day')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('state', 'DRAFT'), ('number__isnull', False), _connector='OR'), name='bill_posted_number'), models.UniqueConstraint(fields=('run', 'account'), name='bill_once_per_run'), models.CheckConstraint(condition=models.Q(('to_be_paid', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('total_billed'), '+', models.F('brought_forward')), '-', models.F('credits_between'))), ('total_billed', django.db.models.expressions.CombinedExpression(models.F('total_debit'), '-', models.F('total_credit'))), ('total_billed', django.db.models.expressions.CombinedExpression(models.F('net_amount'), '+', models.F('tax_amount')))), name='bill_totals')],
                    },
                ),
                migrations.CreateModel(
                    name='BillPrint',
                    fields=[
                        ('bill', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='print', serialize=False, to='billing.bill')),
                        ('content', models.JSONField()),
                        ('template_version', models.CharField(max_length=20)),
                        ('pdf', models.BinaryField(blank=True, null=True)),
                        ('pdf_made_at', models.DateTimeField(blank=True, null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='CreditNote',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(blank=True, max_length=24, null=True, unique=True)),
                        ('state', models.CharField(choices=[('DRAFT', 'Draft'), ('POSTED', 'Posted')], max_length=6)),
                        ('issued_on', models.DateField()),
                        ('currency', models.CharField(max_length=3)),
                        ('net_amount', models.DecimalField(decimal_places=4, max_digits=18)),
                        ('tax_amount', models.DecimalField(decimal_places=4, max_digits=18)),
                        ('gross_amount', models.DecimalField(decimal_places=4, max_digits=18)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subscriptions.account')),
                        ('bill', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='billing.bill')),
                        ('run', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shared.run')),
                        ('subscription', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subscriptions.subscription')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('state', 'DRAFT'), ('number__isnull', False), _connector='OR'), name='credit_note_posted_number'), models.CheckConstraint(condition=models.Q(('gross_amount', django.db.models.expressions.CombinedExpression(models.F('net_amount'), '+', models.F('tax_amount')))), name='credit_note_sum')],
                    },
                ),
                migrations.CreateModel(
                    name='CreditNoteTax',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=80)),
                        ('fraction', models.DecimalField(decimal_places=8, max_digits=9)),
                        ('net_amount', models.DecimalField(decimal_places=4, max_digits=18)),
                        ('tax_amount', models.DecimalField(decimal_places=4, max_digits=18)),
                        ('document', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='taxes', to='billing.creditnote')),
                        ('tax_rate', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pricing.taxrate')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Invoice',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(blank=True, max_length=24, null=True, unique=True)),
                        ('state', models.CharField(choices=[('DRAFT', 'Draft'), ('POSTED', 'Posted')], max_length=6)),
                        ('issued_on', models.DateField()),
                        ('currency', models.CharField(max_length=3)),
                        ('net_amount', models.DecimalField(decimal_places=4, max_digits=18)),
                        ('tax_amount', models.DecimalField(decimal_places=4, max_digits=18)),
                        ('gross_amount', models.DecimalField(decimal_places=4, max_digits=18)),
                        ('due_on', models.DateField()),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subscriptions.account')),
                        ('bill', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='billing.bill')),
                        ('run', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shared.run')),
                        ('subscription', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subscriptions.subscription')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('state', 'DRAFT'), ('number__isnull', False), _connector='OR'), name='invoice_posted_number'), models.CheckConstraint(condition=models.Q(('gross_amount', django.db.models.expressions.CombinedExpression(models.F('net_amount'), '+', models.F('tax_amount')))), name='invoice_sum')],
                    },
                ),
                migrations.CreateModel(
                    name='InvoiceTax',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=80)),
                        ('fraction', models.DecimalField(decimal_places=8, max_digits=9)),
                        ('net_amount', models.DecimalField(decimal_places=4, max_digits=18)),
                        ('tax_amount', models.DecimalField(decimal_places=4, max_digits=18)),
                        ('document', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='taxes', to='billing.invoice')),
                        ('tax_rate', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pricing.taxrate')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Payment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=24, unique=True)),
                        ('state', models.CharField(choices=[('DRAFT', 'Draft'), ('POSTED', 'Posted'), ('REJECTED', 'Rejected'), ('CANCELLED', 'Cancelled')], max_length=9)),
                        ('amount', models.DecimalField(decimal_places=4, max_digits=18)),
                        ('currency', models.CharField(max_length=3)),
                        ('method', models.CharField(choices=[('CASH', 'Cash'), ('CARD', 'Card terminal'), ('BANK', 'Bank transfer'), ('CHEQUE', 'Cheque')], max_length=6)),
                        ('reference', models.CharField(blank=True, max_length=80)),
                        ('received_on', models.DateField()),
                        ('posted_on', models.DateField(blank=True, null=True)),
                        ('reason', models.CharField(blank=True, help_text='Why rejected or cancelled.', max_length=200)),
                        ('entered_at', models.DateTimeField(auto_now_add=True)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='subscriptions.account')),
                        ('entered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payment_amount', violation_error_message='A payment is more than 0.'), models.CheckConstraint(condition=models.Q(models.Q(('posted_on', None), ('state__in', ['DRAFT', 'REJECTED'])), models.Q(('posted_on__isnull', False), ('state__in', ['POSTED', 'CANCELLED'])), _connector='OR'), name='payment_posted_on')],
                    },
                ),
                migrations.CreateModel(
                    name='LedgerEntry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('INVOICE', 'Invoice'), ('CREDIT_NOTE', 'Credit note'), ('PAYMENT', 'Payment'), ('PAYMENT_CANCELLATION', 'Payment cancellation')], max_length=20)),
                        ('number', models.CharField(help_text="The document's number.", max_length=24)),
                        ('posted_on', models.DateField()),
                        ('due_on', models.DateField(blank=True, help_text='Debits only.', null=True)),
                        ('amount', models.DecimalField(decimal_places=4, help_text='Debit positive, credit negative.', max_digits=18)),
                        ('currency', models.CharField(max_length=3)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ledger_entries', to='subscriptions.account')),
                        ('credit_note', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entry', to='billing.creditnote')),
                        ('invoice', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entry', to='billing.invoice')),
                        ('reverses', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversal', to='billing.ledgerentry')),
                        ('payment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='billing.payment')),
                    ],
                    options={
                        'verbose_name_plural': 'ledger entries',
                        'indexes': [models.Index(fields=['account', 'posted_on', 'id'], name='ledger_by_account')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('amount__gt', 0), ('kind__in', ['INVOICE', 'PAYMENT_CANCELLATION'])), models.Q(('amount__lt', 0), ('kind__in', ['CREDIT_NOTE', 'PAYMENT'])), _connector='OR'), name='ledger_entry_side')],
                    },
                ),
                migrations.CreateModel(
                    name='OpenItem',
                    fields=[
                        ('entry', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='open_item', serialize=False, to='billing.ledgerentry')),
                        ('debit', models.BooleanField()),
                        ('due_on', models.DateField(blank=True, null=True)),
                        ('open_amount', models.DecimalField(decimal_places=4, max_digits=18)),
                        ('account', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subscriptions.account')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('open_amount__gt', 0)), fields=['account', 'debit', 'due_on'], name='open_item_open')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('open_amount__gte', 0)), name='open_item')],
                    },
                ),
                migrations.CreateModel(
                    name='Allocation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('amount', models.DecimalField(decimal_places=4, max_digits=18)),
                        ('allocated_at', models.DateTimeField()),
                        ('account', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subscriptions.account')),
                        ('credit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='spent', to='billing.ledgerentry')),
                        ('debit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paid', to='billing.ledgerentry')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='allocation_amount')],
                    },
                ),
                migrations.CreateModel(
                    name='RatedBillingItem',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('RECURRING', 'Recurring'), ('SETUP', 'Set-up fee'), ('ONE_TIME', 'One time')], max_length=9)),
                        ('source_key', models.CharField(blank=True, help_text='What it was rated for, where not a span of days.', max_length=60)),
                        ('period', django.contrib.postgres.fields.ranges.DateRangeField(help_text='Half-open: the last day is not covered.')),
                        ('cycle', django.contrib.postgres.fields.ranges.DateRangeField(help_text='The whole billing cycle the period is part of.')),
                        ('quantity', models.DecimalField(decimal_places=4, max_digits=12)),
                        ('rate_amount', models.DecimalField(decimal_places=10, help_text='The price of the whole cycle, for the quantity.', max_digits=24)),
                        ('amount', models.DecimalField(decimal_places=4, help_text='The price of the period, rounded; net or gross as the rate is.', max_digits=18)),
                        ('tax_inclusive', models.BooleanField(default=False)),
                        ('currency', models.CharField(max_length=3)),
                        ('fixed_tax_amount', models.DecimalField(blank=True, decimal_places=4, help_text='The tax a reversal gives back: what was charged.', max_digits=18, null=True)),
                        ('directive', models.CharField(choices=[('NOT_BILLED', 'To be billed'), ('BILLED', 'Billed'), ('NOT_TO_BE_BILLED', 'Not to be billed'), ('CANCELLED', 'Cancelled')], default='NOT_BILLED', max_length=16)),
                        ('rated_at', models.DateTimeField()),
                        ('reversed_at', models.DateTimeField(blank=True, null=True)),
                        ('account', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subscriptions.account')),
                        ('product', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.product')),
                        ('rate', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pricing.priceplanrate')),
                        ('reverses', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversals', to='billing.ratedbillingitem')),
                        ('run', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shared.run')),
                        ('service', models.ForeignKey(blank=True, db_constraint=False, help_text='None for an expense of the subscription.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rated_items', to='subscriptions.subscribedservice')),
                        ('subscription', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subscriptions.subscription')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('directive', 'NOT_BILLED')), fields=['account'], name='rbi_to_bill')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('cycle__isempty', False), ('period__isempty', False)), name='rbi_days'), models.CheckConstraint(condition=models.Q(('service__isnull', False), models.Q(('source_key', ''), _negated=True), _connector='OR'), name='rbi_service_or_source'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('kind', 'RECURRING'), ('reversed_at', None), ('reverses', None)), expressions=[(models.F('service'), '='), (models.F('period'), '&&')], name='rbi_no_double_rating'), models.UniqueConstraint(condition=models.Q(('reverses__isnull', False)), fields=('reverses',), name='rbi_reversed_once'), models.UniqueConstraint(condition=models.Q(models.Q(('source_key', ''), _negated=True), ('reversed_at', None), ('reverses', None)), fields=('source_key',), name='rbi_source_once')],
                    },
                ),
                migrations.CreateModel(
                    name='InvoiceLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveSmallIntegerField()),
                        ('text', models.CharField(max_length=200)),
                        ('period', django.contrib.postgres.fields.ranges.DateRangeField()),
                        ('quantity', models.DecimalField(decimal_places=4, max_digits=12)),
                        ('rate_amount', models.DecimalField(decimal_places=10, max_digits=24)),
                        ('tax_fraction', models.DecimalField(decimal_places=8, default=0, max_digits=9)),
                        ('net_amount', models.DecimalField(decimal_places=4, max_digits=18)),
                        ('tax_amount', models.DecimalField(decimal_places=4, max_digits=18)),
                        ('gross_amount', models.DecimalField(decimal_places=4, max_digits=18)),
                        ('document', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='billing.invoice')),
                        ('product', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.product')),
                        ('tax_rate', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pricing.taxrate')),
                        ('item', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)s', to='billing.ratedbillingitem')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='CreditNoteLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveSmallIntegerField()),
                        ('text', models.CharField(max_length=200)),
                        ('period', django.contrib.postgres.fields.ranges.DateRangeField()),
                        ('quantity', models.DecimalField(decimal_places=4, max_digits=12)),
                        ('rate_amount', models.DecimalField(decimal_places=10, max_digits=24)),
                        ('tax_fraction', models.DecimalField(decimal_places=8, default=0, max_digits=9)),
                        ('net_amount', models.DecimalField(decimal_places=4, max_digits=18)),
                        ('tax_amount', models.DecimalField(decimal_places=4, max_digits=18)),
                        ('gross_amount', models.DecimalField(decimal_places=4, max_digits=18)),
                        ('document', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='billing.creditnote')),
                        ('product', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.product')),
                        ('tax_rate', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pricing.taxrate')),
                        ('item', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)s', to='billing.ratedbillingitem')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='RatingMark',
                    fields=[
                        ('service', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='mark', serialize=False, to='subscriptions.subscribedservice')),
                        ('rated_up_to', models.DateField(blank=True, help_text='The first day not yet rated.', null=True)),
                        ('rerate_from', models.DateField(blank=True, null=True)),
                        ('finished', models.BooleanField(default=False, help_text='Nothing more will ever be due.')),
                        ('account', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subscriptions.account')),
                    ],
                ),
                migrations.CreateModel(
                    name='RatingOverride',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('item_kind', models.CharField(choices=[('RECURRING', 'Recurring'), ('SETUP', 'Set-up fee'), ('ONE_TIME', 'One time')], max_length=9)),
                        ('period', django.contrib.postgres.fields.ranges.DateRangeField()),
                        ('kind', models.CharField(choices=[('WAIVED', 'Waived'), ('AMOUNT', 'Amount set')], max_length=6)),
                        ('amount', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True)),
                        ('reason', models.CharField(max_length=200)),
                        ('decided_at', models.DateTimeField()),
                        ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rating_overrides', to='subscriptions.subscribedservice')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('amount__isnull', False), ('kind', 'AMOUNT')), models.Q(('amount', None), ('kind', 'WAIVED')), _connector='OR'), name='rating_override_amount')],
                    },
                ),
            ],
        ),
    ]
