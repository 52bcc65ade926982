"""`make stress`: people at work on the site as it is deployed, while what it stands on is taken away.

gunicorn behind nginx, both as configured in research_hub/deploy; first on SQLite, then on a PostgreSQL of its own with
Redis. Everything is on 127.0.0.1, for a set time. Prints what was sent and what came of it: `refused` was told to
come again in a page that says so, `cut off` is an answer that ended in the middle, which may be where workers are
killed and nowhere else, `failed` is a 500 or no answer, `lost` was acknowledged as saved and is not there. Exits with 1
where anything failed or was lost.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.servers import ROOT, Server, Servers, Site, missing_programs

from . import faults
from .cluster import Cluster, programs
from .tally import KILLED, Tally, table
from .upgrade import MARK, prepared
from .visitors import PASSWORD, Browser, Editor, Reader, Uploader, Visitor, at_work

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")  # for what makes the requests; the site has its own

SECONDS = 8.0
READERS, EDITORS, WRITERS = 6, 3, 8
LISTS = [
    "/", "/es/", "/topics/", "/es/temas/", "/activity/", "/es/actividad/?from=2020", "/activity/?from=2019&to=2021",
    "/events/", "/publications/", "/search/?q=water", "/es/buscar/?q=agua", "/activity/feed.atom",
]  # fmt: skip
# Nobody else is on the site, and all come from one address; the second factor is tested where it lives.
ENVIRONMENT = {
    "SECOND_FACTOR_ROLES": "",
    "PAGES_MADE_PER_MINUTE": "0",
    "LOG_REQUESTS": "none",
    "TIME_ZONE": "America/New_York",  # where clocks change
}


class Stage:
    """The site served, its people, and the tallies of what they did."""

    def __init__(self, servers: Servers, name: str, database_url: str | None, **environment: str):
        self.servers, self.name = servers, name
        self.site: Site = servers.site(database_url, leave_out=(), **ENVIRONMENT, **environment)
        self.door = opened()
        self.app: Server = servers.gunicorn_at(self.door, self.site)
        self.nginx: Server = servers.nginx(self.app, self.site)
        self.address = f"https://127.0.0.1:{self.nginx.ports['https']}"
        told = self.data("prepare", str(WRITERS))
        self.paths, self.editors = [*LISTS, *told["paths"]], list(told["editors"].items())
        self.tallies: list[Tally] = []
        self.logged_in: list[Editor] = []

    def data(self, *arguments: str):
        command = [sys.executable, "-m", "tests.stress.data", *arguments]
        done = subprocess.run(command, env=self.site.environment, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return json.loads(done.stdout.splitlines()[-1])  # behind the mails, which are printed

    def people(self, tally: Tally, readers: int, editors: int, editor: type[Editor]) -> list[Visitor]:
        here: list[Visitor] = [Reader(Browser(self.address, tally), seed, self.paths) for seed in range(readers)]
        for seed, (name, pk) in enumerate(self.editors[:editors]):
            person = editor(Browser(self.address, Tally("log-in")), seed, name, PASSWORD, pk)
            person.log_in()
            here.append(person)
        return here

    def act(self, name: str, fault: Callable[[], None], readers=READERS, editors=EDITORS, editor=Editor) -> None:
        tally = Tally(f"{self.name}: {name}")
        self.tallies.append(tally)
        people = self.people(tally, readers, editors, editor)
        with at_work(people, tally):
            fault()
            time.sleep(1)  # it goes on after the fault
        self.look_for(tally, [person for person in people if isinstance(person, Editor)])
        print(table([tally]).splitlines()[1], flush=True)

    def upgrade(self) -> None:
        """Nobody is refused, as the door stays open; afterwards every page is the new release's, kept or not."""
        self.act("the next release put in place", self.put_next_in_place)
        tally = self.tallies[-1]
        if away := sum(tally.statuses[status] for status in (502, 503, 504)):
            tally.lose(f"{away} were told to come again")
        for path in LISTS:
            status, page = Browser(self.address, Tally("a look")).ask(path)
            if status != 200 or ("<html" in page and MARK not in page):
                tally.lose(f"{path} is not the page of the next release")

    def put_next_in_place(self) -> None:
        following = prepared(self.site, self.servers.folder / "next")
        time.sleep(SECONDS / 4)  # the release before goes on with the tables of the next
        self.app.stop()
        self.app, self.site = self.servers.gunicorn_at(self.door, following), following
        time.sleep(SECONDS / 4)

    def look_for(self, tally: Tally, editors: list[Editor]) -> None:
        """Whatever was acknowledged must be there, and what was published must be public."""
        stored = set(self.data("titles"))
        for editor in editors:
            for title in editor.acknowledged:
                if title not in stored:
                    tally.lose(title)
            if editor.published:
                public = self.data("public", str(editor.pk))
                if number(public) < number(editor.published[-1]):
                    tally.lose(f"{editor.published[-1]}: readers meet {public}")
        for check in ("check_activity", "check_translations"):
            try:
                self.site.manage(check)
            except RuntimeError as error:
                tally.lose(str(error))


def opened() -> socket.socket:
    """A port of this machine that stays open while what answers behind it is exchanged."""
    return socket.create_server(("127.0.0.1", 0), backlog=2048)


def number(title: str) -> int:
    return int(title.rpartition(" ")[2])


def on_sqlite(folder: Path) -> list[Tally]:
    with faults.small_disk(folder / "data") as is_small, Servers(folder) as servers:
        stage = Stage(servers, "SQLite", None)
        stage.act("all is well", lambda: faults.nothing(SECONDS))
        stage.act(KILLED, lambda: faults.workers_are_killed(stage.app, SECONDS))
        stage.act("8 write at once", lambda: faults.nothing(SECONDS), readers=2, editors=WRITERS)
        with faults.slow_clients(stage.nginx.ports["https"]):
            stage.act(f"{faults.SLOW_CLIENTS} slow clients", lambda: faults.nothing(SECONDS))
        if is_small:
            stage.act("disk full", lambda: faults.disk_is_full(stage.site.data, SECONDS / 2), editor=Uploader)
        stage.tallies.append(clocks(stage))
        stage.upgrade()
        return stage.tallies


def on_postgresql(folder: Path) -> list[Tally]:
    cluster = Cluster(folder)
    cluster.start()
    try:
        with Servers(folder) as servers:
            redis = servers.redis()
            stage = Stage(servers, "PostgreSQL", cluster.url, CACHE_URL=f"redis://127.0.0.1:{redis.port}/0")
            stage.act("all is well", lambda: faults.nothing(SECONDS))
            stage.act(KILLED, lambda: faults.workers_are_killed(stage.app, SECONDS))
            stage.act("Redis away", lambda: (redis.stop(), faults.nothing(SECONDS)))
            servers.redis(redis.port)
            stage.act("the database away", lambda: faults.database_is_away(cluster, SECONDS / 2))
            stage.upgrade()
            return stage.tallies
    finally:
        cluster.stop()


def clocks(stage: Stage) -> Tally:
    tally = Tally(f"{stage.name}: clocks change")
    told = stage.data("clocks")
    tally.sent = tally.answered = told["told"]
    for fault in told["wrong"]:
        tally.lose(fault)
    return tally


def main() -> int:
    gaps = missing_programs()
    if programs() is None:
        gaps["PostgreSQL stopped and started"] = "there is no initdb (Debian: apt install postgresql)"
    if gaps:
        print("\n".join(f"Not run: {what}, because {why}" for what, why in gaps.items()))
        return 1
    tallies: list[Tally] = []
    for stage in (on_sqlite, on_postgresql):
        with tempfile.TemporaryDirectory(prefix="stress-") as folder:
            tallies += stage(Path(folder))
    print(f"\n{table(tallies)}\n")
    for tally in tallies:
        for fault in tally.faults[:10]:
            print(f"{tally.name}: {fault}")
    return int(not all(tally.is_right for tally in tallies))


if __name__ == "__main__":
    sys.exit(main())
