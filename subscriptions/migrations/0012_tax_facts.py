import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.comparison
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from config.shared.migration_steps import InOneStep


class Migration(migrations.Migration):
    dependencies = [
        ("pricing", "0013_tax_rules"),
        ("subscriptions", "0011_discounts_given"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        InOneStep(
            [
                migrations.CreateModel(
                    name="AccountExemption",
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tax_exemptions",
                                to="subscriptions.account",
                            ),
                        ),
                        (
                            "tax_code",
                            models.ForeignKey(
                                blank=True,
                                help_text="Every tax, where empty.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="account_exemptions",
                                to="pricing.taxcode",
                            ),
                        ),
                        ("period", django.contrib.postgres.fields.ranges.DateRangeField()),
                        ("certificate_number", models.CharField(max_length=40)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("period__isempty", False)),
                                name="account_exemption_days",
                            ),
                            django.contrib.postgres.constraints.ExclusionConstraint(
                                expressions=[
                                    (models.F("account"), "="),
                                    (
                                        django.db.models.functions.comparison.Coalesce(
                                            "tax_code", models.Value(0)
                                        ),
                                        "=",
                                    ),
                                    (models.F("period"), "&&"),
                                ],
                                name="account_exemption_overlap",
                                violation_error_message="The account is exempt on some of these days.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalAccountExemption",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("period", django.contrib.postgres.fields.ranges.DateRangeField()),
                        ("certificate_number", models.CharField(max_length=40)),
                        (
                            "account",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="subscriptions.account",
                            ),
                        ),
                        (
                            "tax_code",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                help_text="Every tax, where empty.",
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pricing.taxcode",
                            ),
                        ),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical account exemption",
                        "verbose_name_plural": "historical account exemptions",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.AddField(
                    model_name="account",
                    name="tax_region",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts",
                        to="pricing.taxregion",
                    ),
                ),
                migrations.AddField(
                    model_name="accountuser",
                    name="tax_region",
                    field=models.ForeignKey(
                        blank=True,
                        help_text="That of the account, where empty.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="users",
                        to="pricing.taxregion",
                    ),
                ),
                migrations.AddField(
                    model_name="historicalaccount",
                    name="tax_region",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pricing.taxregion",
                    ),
                ),
                migrations.AddField(
                    model_name="historicalaccountuser",
                    name="tax_region",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="That of the account, where empty.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pricing.taxregion",
                    ),
                ),
            ]
        ),
    ]
