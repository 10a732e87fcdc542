"""Items that stand for a span of days have an empty source key."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0005_mark_fillfactor'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='ratedbillingitem',
            name='rbi_service_or_source',
        ),
        migrations.RemoveConstraint(
            model_name='ratedbillingitem',
            name='rbi_source_once',
        ),
        migrations.RunSQL(
            "ALTER TABLE billing_ratedbillingitem DISABLE TRIGGER item_final;"
            "UPDATE billing_ratedbillingitem SET source_key = '' WHERE source_key IS NULL;"
            "ALTER TABLE billing_ratedbillingitem ENABLE TRIGGER item_final",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name='ratedbillingitem',
            name='source_key',
            field=models.CharField(blank=True, help_text='What it was rated for, where not a span of days.', max_length=60),
        ),
        migrations.AddConstraint(
            model_name='ratedbillingitem',
            constraint=models.CheckConstraint(condition=models.Q(('service__isnull', False), models.Q(('source_key', ''), _negated=True), _connector='OR'), name='rbi_service_or_source'),
        ),
        migrations.AddConstraint(
            model_name='ratedbillingitem',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('source_key', ''), _negated=True), ('reversed_at', None), ('reverses', None)), fields=('source_key',), name='rbi_source_once'),
        ),
    ]
