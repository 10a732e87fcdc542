"""Columns that several tables of pricing have."""

from django.utils.formats import date_format
from django.utils.timezone import localtime

from config.shared.tables import DayColumn


class UsedAtColumn(DayColumn):
    """The day of the first use, where the operator is."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"verbose_name": "Used since", "default": "–", **kwargs})

    def render(self, value):
        """Write the day."""
        return date_format(localtime(value))
