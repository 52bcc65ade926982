"""Pages asked for over HTTP from gunicorn, as it is deployed: how many a second, and what they take."""

import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

WORKERS, THREADS = 2, 4
CONCURRENCY = (1, 8, 32)
SECONDS = 1.0
WITHOUT_CACHE = {"CACHE_URL": "dummy://"}
# A process of PostgreSQL that ended while it is watched would take what it has spent with it.
SERVED = {"DJANGO_SETTINGS_MODULE": "tests.bench.settings", "CONN_MAX_AGE": "3600"}
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Load:
    """What came of asking for one page for a while, from so many places at once."""

    per_second: float
    milliseconds: float
    server_microseconds: float


class Server:
    def __init__(self, port: int, process: subprocess.Popen):
        self.port, self.process = port, process

    @property
    def processes(self) -> list[int]:
        """The master and its workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [self.process.pid, *map(int, children.split())]

    def memory(self) -> float:
        """Megabytes, what processes share counted once."""
        kilobytes = 0
        for pid in self.processes:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            kilobytes += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        return kilobytes / 1024

    def processor_seconds(self) -> float:
        return sum(_processor_seconds(pid) for pid in [*self.processes, *_database_processes()])

    def load(self, url: str, places: int) -> Load:
        """Ask from so many connections at once, each as soon as it has its answer."""
        self._ask(url, places, 0.2)
        before, start = self.processor_seconds(), time.perf_counter()
        waits = self._ask(url, places, SECONDS)
        took, spent = time.perf_counter() - start, self.processor_seconds() - before
        return Load(len(waits) / took, statistics.median(waits) * 1e3, spent / len(waits) * 1e6)

    def _ask(self, url: str, places: int, seconds: float) -> list[float]:
        until = time.perf_counter() + seconds
        waits: list[list[float]] = [[] for _ in range(places)]
        threads = [threading.Thread(target=ask, args=(self.port, url, until, own)) for own in waits]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return [wait for own in waits for wait in own]


@contextmanager
def server(cache: bool) -> Iterator[Server]:
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "research_hub/deploy/gunicorn.py", "--log-level", "warning"]
    command += ["--max-requests", "0"]  # what a worker that makes way has spent could not be counted
    served = {"BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": str(WORKERS), "WEB_THREADS": str(THREADS)}
    environment = os.environ | SERVED | served | ({} if cache else WITHOUT_CACHE)
    process = subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR)
    try:
        _wait_for(port)
        yield Server(port, process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def ask(port: int, url: str, until: float, waits: list[float]) -> None:
    """One reader on one connection; leaner than a client library, which would slow the server beside it."""
    request = f"GET {url} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connected:
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while (start := time.perf_counter()) < until:
            connected.sendall(request)
            _receive(connected)
            waits.append(time.perf_counter() - start)


def _receive(connected: socket.socket) -> None:
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(connected)
    head, _, body = data.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(head.splitlines()[0].decode())
    length = next(int(line.split(b":")[1]) for line in head.splitlines() if line.lower().startswith(b"content-length"))
    missing = length - len(body)
    while missing:
        missing -= len(_more(connected))


def _more(connected: socket.socket) -> bytes:
    data = connected.recv(1 << 16)
    if not data:
        raise ConnectionError("The server closed the connection.")
    return data


def _processor_seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICK


def _database_processes() -> list[int]:
    """The processes of PostgreSQL that answer the server, where they run on this machine."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        pids = [pid for (pid,) in cursor.fetchall()]
    return [pid for pid in pids if _is_postgresql(pid)]


def _is_postgresql(pid: int) -> bool:
    name = Path(f"/proc/{pid}/comm")
    return name.exists() and name.read_text().startswith("postgres")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("gunicorn did not start in half a minute.")
