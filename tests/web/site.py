"""The site, filled and served by gunicorn as it is deployed, for what looks at it from outside."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from tests.servers import free_port, listens, wait_until


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
        wait_until(lambda: listens(port))
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
