"""A whole collection taken in and taken back by the command, each killed and resumed, and its archive written, taken
into an empty site and written again there; time and memory of each step.

    python -m tests.bench.taking FILE [--on sqlite postgresql] [--most-seconds 300] [--most-megabytes 500]

It fails where planning and applying together take longer, any process holds more, `check_activity` or
`check_translations` finds a fault, or the two archives differ. Killed means SIGKILL, in the middle of a transaction.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import time
from filecmp import cmp
from pathlib import Path
from secrets import token_urlsafe

from .__main__ import FOLDER, remake, remove

USER = "importer"
CHECKS = ("check_activity", "check_translations")
KILLED_AFTER = 0.6  # of the time that planning took: somewhere in the middle


def run(environment: dict[str, str], *command: str, kill_after: float | None = None) -> tuple[float, float, int, str]:
    """Seconds, those of them at a processor, megabytes at most, and what it said."""
    began = time.monotonic()
    read, written = os.pipe()
    process = subprocess.Popen([sys.executable, "manage.py", *command], env=environment, stdout=written, stderr=written)
    os.close(written)
    if kill_after:
        time.sleep(kill_after)
        process.send_signal(signal.SIGKILL)
    with os.fdopen(read, encoding="utf-8", errors="replace") as pipe:
        said = pipe.read()
    _pid, code, used = os.wait4(process.pid, 0)
    if code and not kill_after:
        sys.exit(f"{' '.join(command)}:\n{said}")
    return time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024, said


def measure(file: Path, database: str) -> list[tuple[str, float, int]]:
    """What each step took."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    keys = {"DATABASE_URL": remake(database), "SECRET_KEY": token_urlsafe(50), "DATA_DIR": str(FOLDER.resolve())}
    environment = os.environ | keys
    left, again = FOLDER.resolve() / "left.zip", FOLDER.resolve() / "again.zip"
    told: list[tuple[str, float, int]] = []

    def step(name: str, *command: str, **options) -> str:
        seconds, processor, megabytes, said = run(environment, *command, **options)
        told.append((name, seconds, megabytes))
        line = f"{database}  {name:<34} {seconds:7.1f} s, {processor:6.1f} s of processor, {megabytes:4d} MB"
        print(line, flush=True)
        return said

    def checked(after: str) -> None:
        for command in CHECKS:
            step(f"{command} ({after})", command)

    try:
        run(environment, "migrate", "--verbosity=0")
        run(environment, "createsuperuser", "--noinput", "--username", USER, "--email", "importer@example.org")
        said = step("plan", "import_entries", "plan", str(file), "--source", "bench", "--by", USER)
        print(said)
        batch = re.findall(r"import_entries apply (\d+)", said)[0]
        apply = ("import_entries", "apply", batch, "--by", USER)
        undo = ("import_entries", "undo", batch, "--by", USER)
        step("apply, killed", *apply, kill_after=told[0][1] * KILLED_AFTER)
        checked("killed")
        step("apply, resumed", *apply)
        checked("applied")
        step("export", "export_archive", str(left), "--replace")
        step("undo, killed", *undo, kill_after=told[0][1] * KILLED_AFTER / 3)
        checked("undo killed")
        print(step("undo, resumed", *undo))
        checked("taken back")
        remake(database)
        run(environment, "migrate", "--verbosity=0")
        print(step("import of the archive", "import_archive", str(left)))
        checked("taken in again")
        step("export again", "export_archive", str(again), "--replace")
        if not cmp(left, again, shallow=False):
            sys.exit(f"{left} and {again} differ.")
    finally:
        remove(database)
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--on", nargs="+", default=["sqlite"], choices=["sqlite", "postgresql"])
    parser.add_argument("--most-seconds", type=float, default=300)
    parser.add_argument("--most-megabytes", type=int, default=500)
    asked = parser.parse_args()
    for database in asked.on:
        told = measure(asked.file, database)
        taking = [seconds for name, seconds, _megabytes in told if name.startswith(("plan", "apply"))]
        if sum(taking) > asked.most_seconds:
            sys.exit(f"Planning and applying took {sum(taking):.0f} s.")
        if (megabytes := max(line[2] for line in told)) > asked.most_megabytes:
            sys.exit(f"{megabytes} MB were held.")


if __name__ == "__main__":
    main()
