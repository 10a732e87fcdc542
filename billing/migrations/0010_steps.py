from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0003_mark_fillfactor")]

    operations = [
        migrations.AddField(
            model_name="ratedbillingitem",
            name="steps",
            field=models.JSONField(
                blank=True,
                editable=False,
                help_text=(
                    "What led to the amount, where more than base amount, quantity and days."
                ),
                null=True,
            ),
        ),
    ]
