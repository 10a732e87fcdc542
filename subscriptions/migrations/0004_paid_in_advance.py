from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0002_whole_catalogue"),
        ("subscriptions", "0003_amend_bundle"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalschemeproduct",
            name="advance_count",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="paid in advance for"
            ),
        ),
        migrations.AddField(
            model_name="historicalschemeproduct",
            name="advance_unit",
            field=models.CharField(
                blank=True,
                choices=[("DAY", "Day"), ("WEEK", "Week"), ("MONTH", "Month"), ("YEAR", "Year")],
                db_default="",
                default="",
                max_length=5,
                verbose_name="unit in advance",
            ),
        ),
        migrations.AddField(
            model_name="schemeproduct",
            name="advance_count",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="paid in advance for"
            ),
        ),
        migrations.AddField(
            model_name="schemeproduct",
            name="advance_unit",
            field=models.CharField(
                blank=True,
                choices=[("DAY", "Day"), ("WEEK", "Week"), ("MONTH", "Month"), ("YEAR", "Year")],
                db_default="",
                default="",
                max_length=5,
                verbose_name="unit in advance",
            ),
        ),
        migrations.AddConstraint(
            model_name="schemeproduct",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("advance_count", None), ("advance_unit", "")),
                    models.Q(
                        ("advance_count__gt", 0),
                        ("timing", "PRE_BILL"),
                        models.Q(("advance_unit", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="scheme_product_advance",
                violation_error_message="Only what is paid before its use is paid in advance.",
            ),
        ),
    ]
