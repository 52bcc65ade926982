"""A PostgreSQL server of our own, which can be stopped and started without taking anybody else's with it."""

import glob
import os
import shutil
import subprocess
from pathlib import Path

from tests.servers import free_port, listens, wait_until

OPTIONS = "-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c shared_buffers=32MB -c max_connections=60"


def programs() -> str | None:
    """The folder of the newest server that is installed; None where there is none."""
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
    on_path = shutil.which("initdb")
    return folders[-1] if folders else on_path and str(Path(on_path).parent)


class Cluster:
    def __init__(self, folder: Path):
        self.folder, self.port = folder / "postgresql", free_port()
        self.folder.mkdir(mode=0o700)
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            folder.chmod(0o711)
            shutil.chown(self.folder, "postgres", "postgres")
        self.call("initdb", "--username=postgres", "--auth=trust", "--no-sync", "-D", str(self.folder))

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def call(self, program: str, *arguments: str) -> None:
        command = [f"{programs()}/{program}", *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def start(self) -> None:
        log = str(self.folder / "log")
        self.call("pg_ctl", "start", "-w", "-D", str(self.folder), "-l", log, "-o", f"-p {self.port} {OPTIONS}")
        wait_until(lambda: listens(self.port))

    def stop(self) -> None:
        """At once, as a machine that loses its power: what was committed must be there afterwards."""
        if listens(self.port):
            self.call("pg_ctl", "stop", "-m", "immediate", "-D", str(self.folder))
