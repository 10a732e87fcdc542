"""Rates by quantity tiers, with a minimum charge and an answer to the set-up fee."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from config.shared.migration_steps import InOneStep

# Tiers of a product added to a used plan are written before their rate, as its phases are, and are
# frozen by the same rule.
FREEZE = """
CREATE TRIGGER pricing_freeze_tier BEFORE INSERT OR UPDATE OR DELETE ON pricing_ratetier
    FOR EACH ROW EXECUTE FUNCTION pricing_freeze_phase();
"""
THAW = "DROP TRIGGER pricing_freeze_tier ON pricing_ratetier;"


class Migration(migrations.Migration):
    dependencies = [
        ("pricing", "0004_freeze_usage_plans"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        InOneStep(
            [
                migrations.CreateModel(
                    name="HistoricalRateTier",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "phase",
                            models.PositiveSmallIntegerField(
                                default=0,
                                help_text="Number of the price phase; 0 = the rate has no phases.",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        (
                            "up_to",
                            models.DecimalField(
                                blank=True, decimal_places=8, max_digits=24, null=True
                            ),
                        ),
                        (
                            "unit_rate",
                            models.DecimalField(decimal_places=10, default=0, max_digits=24),
                        ),
                        ("fixed", models.DecimalField(decimal_places=10, default=0, max_digits=24)),
                        (
                            "block",
                            models.DecimalField(
                                decimal_places=8,
                                default=1,
                                help_text="Units of a package; read by that rule only.",
                                max_digits=24,
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
                        (
                            "rate",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pricing.priceplanrate",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical rate tier",
                        "verbose_name_plural": "historical rate tiers",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="RateTier",
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
                            "phase",
                            models.PositiveSmallIntegerField(
                                default=0,
                                help_text="Number of the price phase; 0 = the rate has no phases.",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        (
                            "up_to",
                            models.DecimalField(
                                blank=True, decimal_places=8, max_digits=24, null=True
                            ),
                        ),
                        (
                            "unit_rate",
                            models.DecimalField(decimal_places=10, default=0, max_digits=24),
                        ),
                        ("fixed", models.DecimalField(decimal_places=10, default=0, max_digits=24)),
                        (
                            "block",
                            models.DecimalField(
                                decimal_places=8,
                                default=1,
                                help_text="Units of a package; read by that rule only.",
                                max_digits=24,
                            ),
                        ),
                        (
                            "rate",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tiers",
                                to="pricing.priceplanrate",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("rate", "phase", "position"), name="rate_tier_position"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("block__gt", 0),
                                    ("fixed__gte", 0),
                                    ("unit_rate__gte", 0),
                                    models.Q(("up_to", None), ("up_to__gt", 0), _connector="OR"),
                                ),
                                name="rate_tier_figures",
                            ),
                        ]
                    },
                ),
                migrations.AddField(
                    model_name="historicalpriceplanrate",
                    name="base_per",
                    field=models.CharField(
                        choices=[("PERIOD", "Period"), ("PERIOD_AND_ITEM", "Period and item")],
                        default="PERIOD_AND_ITEM",
                        max_length=15,
                        verbose_name="amount is asked per",
                    ),
                ),
                migrations.AddField(
                    model_name="historicalpriceplanrate",
                    name="minimum",
                    field=models.DecimalField(
                        decimal_places=10,
                        default=0,
                        help_text="The least that is asked by quantity for a period.",
                        max_digits=24,
                    ),
                ),
                migrations.AddField(
                    model_name="historicalpriceplanrate",
                    name="setup",
                    field=models.CharField(
                        choices=[("CHARGE", "Charge"), ("WAIVE", "Waive"), ("ON_OPEN", "On open")],
                        default="CHARGE",
                        help_text="With the first charge, never, or on the first day in service.",
                        max_length=7,
                        verbose_name="set-up fee is asked",
                    ),
                ),
                migrations.AddField(
                    model_name="historicalpriceplanrate",
                    name="tier_rule",
                    field=models.CharField(
                        choices=[
                            ("GRADUATED", "Graduated"),
                            ("VOLUME", "Volume"),
                            ("STEP", "Step"),
                            ("PACKAGE", "Package"),
                        ],
                        default="GRADUATED",
                        max_length=9,
                    ),
                ),
                migrations.AddField(
                    model_name="historicalpriceplanrate",
                    name="time_unit",
                    field=models.CharField(
                        choices=[("MINUTE", "Minute"), ("HOUR", "Hour"), ("DAY", "Day")],
                        default="HOUR",
                        help_text="What a price by duration is for.",
                        max_length=6,
                    ),
                ),
                migrations.AddField(
                    model_name="priceplanrate",
                    name="base_per",
                    field=models.CharField(
                        choices=[("PERIOD", "Period"), ("PERIOD_AND_ITEM", "Period and item")],
                        default="PERIOD_AND_ITEM",
                        max_length=15,
                        verbose_name="amount is asked per",
                    ),
                ),
                migrations.AddField(
                    model_name="priceplanrate",
                    name="minimum",
                    field=models.DecimalField(
                        decimal_places=10,
                        default=0,
                        help_text="The least that is asked by quantity for a period.",
                        max_digits=24,
                    ),
                ),
                migrations.AddField(
                    model_name="priceplanrate",
                    name="setup",
                    field=models.CharField(
                        choices=[("CHARGE", "Charge"), ("WAIVE", "Waive"), ("ON_OPEN", "On open")],
                        default="CHARGE",
                        help_text="With the first charge, never, or on the first day in service.",
                        max_length=7,
                        verbose_name="set-up fee is asked",
                    ),
                ),
                migrations.AddField(
                    model_name="priceplanrate",
                    name="tier_rule",
                    field=models.CharField(
                        choices=[
                            ("GRADUATED", "Graduated"),
                            ("VOLUME", "Volume"),
                            ("STEP", "Step"),
                            ("PACKAGE", "Package"),
                        ],
                        default="GRADUATED",
                        max_length=9,
                    ),
                ),
                migrations.AddField(
                    model_name="priceplanrate",
                    name="time_unit",
                    field=models.CharField(
                        choices=[("MINUTE", "Minute"), ("HOUR", "Hour"), ("DAY", "Day")],
                        default="HOUR",
                        help_text="What a price by duration is for.",
                        max_length=6,
                    ),
                ),
                migrations.AddConstraint(
                    model_name="priceplanrate",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("minimum__gte", 0)), name="price_plan_rate_minimum"
                    ),
                ),
            ]
        ),
        migrations.RunSQL(FREEZE, THAW),
    ]
