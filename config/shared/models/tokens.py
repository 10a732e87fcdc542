"""Form tokens: one effect per form, however often it is sent."""

from django.db import models


class FormToken(models.Model):
    """A one-time form token that has been used: a repeated POST finds it and has no effect."""

    token = models.UUIDField(primary_key=True)
    used_at = models.DateTimeField(auto_now_add=True)
    answer = models.CharField(max_length=500, blank=True, help_text="Where the first POST led to.")

    def __str__(self) -> str:
        return str(self.token)
