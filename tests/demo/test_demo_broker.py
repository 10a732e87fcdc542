"""`manage.py demo` with no message broker: said before anything is loaded."""

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from tests.faults.bed import free_port


@pytest.mark.django_db
def test_a_broker_out_of_reach_is_said_before_the_load(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    with pytest.raises(CommandError, match=r"The message broker cannot be reached \(REDIS_URL\)"):
        call_command("demo", no_serve=True, head_end_port=free_port(), accounts=0)

    assert not User.objects.exists()
