"""The web application: `gunicorn --config python:config.gunicorn config.wsgi`."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# What is loaded by now stays: the garbage collector need not look through it while people wait.
gc.collect()
gc.freeze()
