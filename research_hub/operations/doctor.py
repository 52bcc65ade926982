"""What a site needs to be well, looked at one thing after the other; of what is wrong, how to mend it.

Every command that is called check_… is among the checks, whichever package it belongs to.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from io import StringIO
from typing import TextIO

from django.core.management import CommandError, call_command, get_commands
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import looks
from .looks import Finding

SHOWN = 20  # details of one finding

Look = Callable[[], Iterator[Finding]]


@dataclass(frozen=True)
class Check:
    """By its code it is asked for alone."""

    code: str
    title: str | Promise
    look: Look
    needs_database: bool = True


@dataclass(frozen=True)
class Result:
    check: Check
    findings: list[Finding]

    @property
    def state(self) -> str:
        if any(finding.is_wrong for finding in self.findings):
            return "wrong"
        return "advice" if self.findings else "right"


def examine(wanted: list[str], terminal: TextIO) -> Iterator[Result]:
    """Look at each; what needs the database is left alone where there is none."""
    has_database = True
    for check in all_checks(terminal):
        is_wanted = not wanted or check.code in wanted
        if is_wanted or check.code == "database":
            is_idle = check.needs_database and not has_database
            found = [unseen(_("the database does not answer"))] if is_idle else findings_of(check)
            result = Result(check, found)
            has_database = has_database and (check.code, result.state) != ("database", "wrong")
            if is_wanted:
                yield result


def findings_of(check: Check) -> list[Finding]:
    try:
        return list(check.look())
    except Exception as error:  # whatever it is: the others are looked at all the same
        return [unseen(f"{type(error).__name__}: {error}".strip())]


def unseen(why: str) -> Finding:
    return Finding(_("This could not be looked at: %s.") % why.rstrip("."), _("Mend that first, then run this again."))


def all_checks(terminal: TextIO) -> list[Check]:
    commands = sorted(name for name in get_commands() if name.startswith("check_"))
    return CHECKS + [Check(name, name, partial(by_command, name, terminal)) for name in commands]


class Overheard(StringIO):
    """Keeps what a command says, and lets its progress through to the terminal."""

    def __init__(self, terminal: TextIO):
        super().__init__()
        self.terminal = terminal

    def isatty(self):
        return self.terminal.isatty()

    def write(self, text):
        if not text.startswith("\r"):
            return super().write(text)
        self.terminal.write(text)
        self.terminal.flush()
        return len(text)


def by_command(name: str, terminal: TextIO) -> Iterator[Finding]:
    """Such a command says itself what is wrong, and how to mend it."""
    said = Overheard(terminal)
    try:
        call_command(name, stdout=said, stderr=said, no_color=True)
    except CommandError as error:
        words, _comma, mend = str(error).partition(";")
        yield Finding(f"{words.rstrip('.')}.", mend.strip().rstrip("."), details=said.getvalue().splitlines())


CHECKS = [
    Check("settings", gettext_lazy("Settings"), looks.look_at_settings, needs_database=False),
    Check("database", gettext_lazy("Database"), looks.look_at_database, needs_database=False),
    Check("migrations", gettext_lazy("Changes of the database"), looks.look_at_migrations),
    Check("cache", gettext_lazy("Cache"), looks.look_at_cache, needs_database=False),
    Check("storage", gettext_lazy("Place of the files"), looks.look_at_storage, needs_database=False),
    Check("static", gettext_lazy("Style sheets and scripts"), looks.look_at_static, needs_database=False),
    Check("clock", gettext_lazy("Clock"), looks.look_at_clock),
    Check("schedule", gettext_lazy("Schedule"), looks.look_at_schedule),
    Check("mail", gettext_lazy("Mail"), looks.look_at_mail),
    Check("roles", gettext_lazy("Roles"), looks.look_at_roles),
    Check("files", gettext_lazy("Files"), looks.look_at_files),
    Check("renditions", gettext_lazy("Smaller copies of pictures"), looks.look_at_renditions),
]
