"""`make test`: every test on SQLite, then on PostgreSQL; what cannot run here is said, and in CI is a failure."""

import os
import shutil
import socket
import subprocess
import sys

import pytest

from tests.servers import missing_programs
from tests.web.tools import missing_tools

POSTGRESQL = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/research_hub")
CI = os.environ.get("CI") == "true"


def postgresql_listens() -> bool:
    host, _, port = POSTGRESQL.rpartition("@")[2].partition("/")[0].partition(":")
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex((host, int(port or 5432))) == 0


def missing() -> dict[str, str]:
    """What will not be tested here, and why."""
    gaps = {}
    if not shutil.which("chromium"):
        gaps["the browser tests"] = "there is no program named chromium (Debian: apt install chromium)"
    if missing_tools():
        gaps["the checks of pages"] = missing_tools()
    gaps |= missing_programs()
    if not postgresql_listens():
        gaps["everything on PostgreSQL"] = f"none listens at {POSTGRESQL}; set TEST_DATABASE_URL"
    return gaps


def run(name: str, url: str | None, arguments: list[str]) -> int:
    print(f"\n== {name}", flush=True)
    environment = os.environ | ({"DATABASE_URL": url} if url else {})
    command = [sys.executable, "-m", "pytest", "-n", os.environ.get("TEST_PROCESSES", "2"), *arguments]
    code = subprocess.run(command, env=environment, check=False).returncode
    return 0 if code == pytest.ExitCode.NO_TESTS_COLLECTED else code


def main(arguments: list[str]) -> int:
    gaps = missing()
    runs = [("SQLite", None), ("PostgreSQL", POSTGRESQL)]
    if "everything on PostgreSQL" in gaps:
        runs.pop()
    codes = [run(name, url, arguments) for name, url in runs]
    for what, why in gaps.items():
        print(f"\nNot run: {what}, because {why}.")
    return max(codes) or int(CI and bool(gaps))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
