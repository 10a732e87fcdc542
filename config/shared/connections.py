"""What we say when the database or the message broker cannot be reached."""

from dataclasses import dataclass

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


@dataclass(frozen=True)
class Unreachable:
    """A server that cannot be reached: in words that anybody may read, and the driver's reason."""

    server: str
    setting: str
    advice: str
    reason: str

    def __str__(self) -> str:
        return f"The {self.server} cannot be reached ({self.setting}): {self.advice}."

    def with_reason(self) -> str:
        """Return the words with what the driver said, in one line, for those who run Ratebook."""
        return f"{self} It said: {self.reason}"


def find_unreachable(error: BaseException) -> Unreachable | None:
    """Return what is out of reach if `error` says so, else None.

    A refusal by a server that does answer (a lock time-out, a full disk) is none.
    """
    if isinstance(error, BrokerError | RedisConnectionError | RedisTimeoutError):
        return _unreachable("message broker", "REDIS_URL", error, embedded=_broker_is_embedded())
    if isinstance(error, OperationalError) and _is_connection_failure(error):
        return _unreachable("database", "DATABASE_URL", error, embedded=_database_is_embedded())
    return None


def unreachable_servers() -> list[str]:
    """Ask the database and the broker once, and return a line for each that does not answer."""
    problems = []
    for probe in (_ask_database, ask_broker):
        try:
            probe()
        except (OperationalError, RedisConnectionError, RedisTimeoutError) as error:
            problem = find_unreachable(error)
            if problem is None:
                raise
            problems.append(problem.with_reason())
    return problems


def _ask_database() -> None:
    connection.ensure_connection()
    connection.close()


def ask_broker() -> None:
    """Ask the broker for a sign of life, once: Celery's own client tries for seconds.

    Raises redis' ConnectionError or TimeoutError.
    """
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


def _unreachable(server: str, setting: str, error: BaseException, *, embedded: bool) -> Unreachable:
    advice = (
        "start the embedded one with `manage.py embedded start`, or set the setting"
        if embedded
        else "check the setting, and that the server runs"
    )
    reason = " ".join(str(error).split()) or type(error).__name__
    return Unreachable(server, setting, advice, reason)
