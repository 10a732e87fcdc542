"""The Celery application: `celery -A config worker`, `celery -A config beat`.

Tasks are found in the `tasks` module of every installed app. A worker or a beat that cannot
reach the database or the broker when it starts says so in one line and exits; later, it waits
for them to come back.
"""

import os
import sys
from typing import Any

from celery import Celery
from celery.signals import beat_init, celeryd_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("ratebook")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.broker_connection_max_retries = None
# A broker that swallows packets must not hold up a page or a tick.
app.conf.broker_transport_options = {"socket_connect_timeout": 3}
app.autodiscover_tasks()


def require_servers(**_: Any) -> None:
    """Exit with one line that names the setting, unless database and broker answer."""
    from config.embedded.supervisor import hold_if_embedded
    from config.shared.connections import unreachable_servers

    problems = unreachable_servers()
    if problems:
        sys.exit("\n".join(problems))
    hold_if_embedded()


celeryd_init.connect(require_servers)
beat_init.connect(require_servers)
