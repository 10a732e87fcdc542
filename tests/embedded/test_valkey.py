"""The embedded Valkey: one per data folder, its queue kept over a stop."""

import os
import signal
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import redis

from config.embedded import supervisor
from config.embedded.live import wait_until
from config.embedded.paths import embedded_redis_url, places
from config.embedded.valkey import Valkey


def start(data_dir: Path) -> list[str]:
    return supervisor.start(data_dir, postgres=False)


def valkey(data_dir: Path) -> Valkey:
    server = supervisor.servers(data_dir).valkey
    assert server is not None
    return server


def client(data_dir: Path) -> redis.Redis:
    url = embedded_redis_url(data_dir).replace("redis+socket://", "unix://")
    return redis.Redis.from_url(url, retry=None, decode_responses=True)


def test_starts_at_once_make_one_server(data_dir: Path) -> None:
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: start(data_dir), range(3)))

    assert len(valkey(data_dir).process_ids()) == 1


def test_a_stop_and_a_start_keep_the_queue(data_dir: Path) -> None:
    start(data_dir)
    with client(data_dir) as connection:
        connection.rpush("queue", "task")

    supervisor.stop(data_dir)
    assert valkey(data_dir).process_ids() == []
    start(data_dir)

    with client(data_dir) as connection:
        assert connection.lrange("queue", 0, -1) == ["task"]


def test_a_start_after_a_kill_works_on_the_same_folder(data_dir: Path) -> None:
    start(data_dir)
    (killed,) = valkey(data_dir).process_ids()
    os.kill(killed, signal.SIGKILL)
    assert wait_until(lambda: not valkey(data_dir).process_ids(), seconds=5)

    said = start(data_dir)

    assert "started" in said[0]
    assert valkey(data_dir).answers()


def test_no_task_is_ever_evicted_and_no_port_is_open(running: Path) -> None:
    with client(running) as connection:
        assert connection.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert connection.config_get("port") == {"port": "0"}
        assert connection.config_get("appendonly") == {"appendonly": "yes"}
    assert stat.S_IMODE(places(running).sockets.stat().st_mode) == 0o700
