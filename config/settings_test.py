"""Settings of the test suite: the real ones, with a fast hasher and plain HTTP."""

import os
from pathlib import Path

# Embedded servers of the tests' own, unless DATABASE_URL names others.
os.environ.setdefault("RATEBOOK_DATA", str(Path(__file__).resolve().parents[1] / ".data/test"))
os.environ.setdefault("HTTPS", "False")
os.environ.setdefault("SECRET_KEY", "tests-only")
os.environ.setdefault("BUSINESS_CLOCK_MOVABLE", "True")

from config.settings import *  # noqa: F403  # the way of settings
from config.settings import DATABASES, STATIC_ROOT, STORAGES

ENVIRONMENT = "test"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
DATABASES["default"]["CONN_MAX_AGE"] = 0
# Tasks that tests queue go nowhere; tests of workers start their own with a real broker.
CELERY_BROKER_URL = "memory://"
DATABASES["default"]["TEST"] = {"NAME": os.environ.get("TEST_DATABASE_NAME", "test_ratebook")}
# Pages are tested without collecting static files first; WhiteNoise warns if there is no folder.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
