"""Foreign keys and indexes of the mass tables: those that guard stay, one by one."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0006_item_source_key'),
    ]

    operations = [
        migrations.AlterField(
            model_name='billprint',
            name='bill',
            field=models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='print', serialize=False, to='billing.bill'),
        ),
        migrations.AlterField(
            model_name='creditnoteline',
            name='document',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='billing.creditnote'),
        ),
        migrations.AlterField(
            model_name='creditnoteline',
            name='item',
            field=models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)s', to='billing.ratedbillingitem'),
        ),
        migrations.AlterField(
            model_name='creditnotetax',
            name='document',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='taxes', to='billing.creditnote'),
        ),
        migrations.AlterField(
            model_name='invoiceline',
            name='document',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='billing.invoice'),
        ),
        migrations.AlterField(
            model_name='invoiceline',
            name='item',
            field=models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)s', to='billing.ratedbillingitem'),
        ),
        migrations.AlterField(
            model_name='invoicetax',
            name='document',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='taxes', to='billing.invoice'),
        ),
        migrations.AlterField(
            model_name='openitem',
            name='entry',
            field=models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='open_item', serialize=False, to='billing.ledgerentry'),
        ),
        migrations.AlterField(
            model_name='ratedbillingitem',
            name='account',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subscriptions.account'),
        ),
        migrations.AlterField(
            model_name='ratedbillingitem',
            name='reverses',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversals', to='billing.ratedbillingitem'),
        ),
        migrations.AlterField(
            model_name='ratedbillingitem',
            name='service',
            field=models.ForeignKey(blank=True, db_constraint=False, help_text='None for an expense of the subscription.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rated_items', to='subscriptions.subscribedservice'),
        ),
        migrations.AddConstraint(
            model_name='ratedbillingitem',
            constraint=models.UniqueConstraint(condition=models.Q(('reverses__isnull', False)), fields=('reverses',), name='rbi_reversed_once'),
        ),
    ]
