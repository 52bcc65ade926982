"""What goes wrong while people are at work, each fault with an end."""

import random
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.servers import Server, kill_worker, wait_until

from .cluster import Cluster
from .visitors import TRUSTING

SLOW_CLIENTS = 200
DISK = "200m"


def nothing(seconds: float) -> None:
    time.sleep(seconds)


def workers_are_killed(app: Server, seconds: float) -> None:
    """One a second, as the kernel does where memory runs out."""
    chance, end = random.Random(7), time.monotonic() + seconds
    while time.monotonic() < end:
        if workers := app.children():
            kill_worker(chance.choice(workers))
        time.sleep(1)
    wait_until(lambda: len(app.children()) >= 2)


def database_is_away(cluster: Cluster, seconds: float) -> None:
    cluster.stop()
    time.sleep(seconds)
    cluster.start()


@contextmanager
def slow_clients(port: int) -> Iterator[None]:
    """Connections that send a header letter by letter and never come to its end."""
    sockets, is_over = [], threading.Event()

    def drip() -> None:
        while not is_over.wait(1):
            for one in sockets:
                with suppress(OSError):
                    one.send(b"x")

    for _number in range(SLOW_CLIENTS):
        with suppress(OSError):
            one = TRUSTING.wrap_socket(socket.create_connection(("127.0.0.1", port), 5))
            one.send(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
            sockets.append(one)
    dripping = threading.Thread(target=drip, daemon=True)
    dripping.start()
    try:
        yield
    finally:
        is_over.set()
        dripping.join(10)
        for one in sockets:
            with suppress(OSError, ssl.SSLError):
                one.close()


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """A disk of its own where the folder is, which can be filled. False where that is not allowed: it is root's."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)]
    is_small = subprocess.run(command, check=False, capture_output=True).returncode == 0
    if not is_small:
        print("Not run: the full disk, because only root may make one", flush=True)
    try:
        yield is_small
    finally:
        if is_small:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def disk_is_full(folder: Path, seconds: float) -> None:
    """Nothing more can be written where the database and the files are; then there is room again."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as out, suppress(OSError):
        while True:
            out.write(bytes(65_536))
    try:
        time.sleep(seconds)
    finally:
        filler.unlink()
