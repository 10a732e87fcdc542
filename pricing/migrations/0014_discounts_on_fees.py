"""What a discount is taken off: prices for each period, set-up fees, what else is paid once.

Those there are stay as they were: off prices for each period. One that was given is frozen whole,
these columns too.
"""

from django.db import migrations, models
from django.db.models import Q

from config.shared.migration_steps import InOneStep

MODELS = ("additivediscount", "historicaladditivediscount")


def fields():
    """Return the columns, of discounts and of their history."""
    return {
        "on_recurring": models.BooleanField(
            default=True,
            help_text="Usage included.",
            verbose_name="taken off prices for each period",
        ),
        "on_setup": models.BooleanField(default=False, verbose_name="taken off set-up fees"),
        "on_once": models.BooleanField(
            default=False,
            help_text="Expenses, goods, one-time services: off each in full.",
            verbose_name="taken off one-time charges",
        ),
    }


class Migration(migrations.Migration):
    dependencies = [("pricing", "0013_tax_rules")]

    operations = [
        InOneStep(
            operations=[
                *(
                    migrations.AddField(model_name=model, name=name, field=field)
                    for model in MODELS
                    for name, field in fields().items()
                ),
                migrations.AddConstraint(
                    model_name="additivediscount",
                    constraint=models.CheckConstraint(
                        name="discount_taken_off",
                        condition=Q(on_recurring=True)
                        | ~Q(option="FREE_USAGE") & (Q(on_setup=True) | Q(on_once=True)),
                        violation_error_message="Say what it is taken off.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="additivediscount",
                    constraint=models.CheckConstraint(
                        name="discount_once_taken_off_one",
                        condition=~Q(option__in=["PERCENTAGE", "AMOUNT", "FREE_USAGE"])
                        | Q(on_recurring=True, on_setup=False, on_once=False)
                        | Q(on_recurring=False, on_setup=True, on_once=False)
                        | Q(on_recurring=False, on_setup=False, on_once=True),
                        violation_error_message="What comes once is taken off one kind of charge.",
                    ),
                ),
            ]
        ),
    ]
