"""The site, filled and served by gunicorn as it is deployed, for what looks at it from outside."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


def prepare(folder: Path) -> None:
    """Its database, its files and its static files, in a new folder."""
    subprocess.run(
        [sys.executable, "-m", "tests.web.content"], env=environment(folder, 8000), cwd=settings.BASE_DIR, check=True
    )


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address at which it answers."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "research_hub.wsgi", "--worker-class", "gthread", "--threads", "8"]
    command += ["--bind", f"127.0.0.1:{port}", "--log-level", "critical"]
    process = subprocess.Popen(command, env=environment(folder, port), cwd=settings.BASE_DIR)
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def environment(folder: Path, port: int) -> dict[str, str]:
    own = {
        "DJANGO_SETTINGS_MODULE": "tests.web.settings",
        "SECRET_KEY": settings.SECRET_KEY,
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1",
        "DEBUG": "0",
        "DEMO": "0",
        "SECOND_FACTOR_ROLES": "",
    }
    return os.environ | own


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("gunicorn did not start")
