"""What we say when the database or the message broker cannot be reached."""

import psycopg
import redis
from django.conf import settings
from django.db import OperationalError, connection
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from config.embedded.paths import places

# Connection lost or refused, server shutting down or starting, wrong role, no such database.
_UNREACHABLE_STATES = ("08", "57P01", "57P02", "57P03", "57P05", "28", "3D")
_PROBE_SECONDS = 3


def unreachable_message(error: BaseException) -> str | None:
    """Return one line that names the setting if `error` means an unreachable server, else None.

    A refusal by a server that does answer (a lock time-out, a full disk) is none.
    """
    if isinstance(error, BrokerError | RedisConnectionError | RedisTimeoutError):
        return _message("message broker", "REDIS_URL", error, embedded=_broker_is_embedded())
    if isinstance(error, OperationalError) and _is_connection_failure(error):
        return _message("database", "DATABASE_URL", error, embedded=_database_is_embedded())
    return None


def unreachable_servers() -> list[str]:
    """Ask the database and the broker once, and return a line for each that does not answer."""
    problems = []
    for probe in (_ask_database, _ask_broker):
        try:
            probe()
        except (OperationalError, RedisConnectionError, RedisTimeoutError) as error:
            message = unreachable_message(error)
            if message is None:
                raise
            problems.append(message)
    return problems


def _ask_database() -> None:
    connection.ensure_connection()
    connection.close()


def _ask_broker() -> None:
    url = settings.REDIS_URL.replace("redis+socket://", "unix://")
    with redis.Redis.from_url(
        url, retry=None, socket_connect_timeout=_PROBE_SECONDS, socket_timeout=_PROBE_SECONDS
    ) as client:
        client.ping()


def _is_connection_failure(error: OperationalError) -> bool:
    cause = error.__cause__
    state = cause.sqlstate if isinstance(cause, psycopg.Error) else None
    return state is None or state.startswith(_UNREACHABLE_STATES)


def _database_is_embedded() -> bool:
    host = settings.DATABASES["default"].get("HOST")
    return str(host) == str(places(settings.DATA_DIR).sockets)


def _broker_is_embedded() -> bool:
    return str(places(settings.DATA_DIR).valkey_socket) in settings.REDIS_URL


def _message(server: str, setting: str, error: BaseException, *, embedded: bool) -> str:
    reason = " ".join(str(error).split()) or type(error).__name__
    advice = (
        "start the embedded one with `manage.py embedded start`, or set the setting"
        if embedded
        else "check the setting and that the server runs"
    )
    return f"The {server} cannot be reached ({setting}): {advice}. It said: {reason}"
