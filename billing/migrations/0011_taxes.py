import django.db.models.deletion
from django.db import migrations, models

from config.shared.migration_steps import InOneStep


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0010_steps"),
        ("pricing", "0013_tax_rules"),
        ("subscriptions", "0012_tax_facts"),
    ]

    operations = [
        InOneStep(
            [
                migrations.CreateModel(
                    name="TaxMonth",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "account",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="subscriptions.account",
                            ),
                        ),
                        (
                            "tax_rate",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="pricing.taxrate",
                            ),
                        ),
                        ("month", models.DateField(help_text="Its first day.")),
                        ("base_amount", models.DecimalField(decimal_places=4, max_digits=18)),
                        ("taxed_amount", models.DecimalField(decimal_places=4, max_digits=18)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("account", "tax_rate", "month"), name="tax_month_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("month__day", 1)), name="tax_month_first_day"
                            ),
                        ],
                    },
                ),
                migrations.AddField(
                    model_name="creditnoteline",
                    name="taxes",
                    field=models.JSONField(
                        blank=True,
                        help_text="Its taxes one by one, where there are several, or a rule.",
                        null=True,
                    ),
                ),
                migrations.AddField(
                    model_name="invoiceline",
                    name="taxes",
                    field=models.JSONField(
                        blank=True,
                        help_text="Its taxes one by one, where there are several, or a rule.",
                        null=True,
                    ),
                ),
            ]
        ),
    ]
