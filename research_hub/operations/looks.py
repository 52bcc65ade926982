"""What is looked at: one function for each thing that can be wrong, which says what is."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.core import checks, mail
from django.core.cache import cache, caches
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from research_hub.activity.kinds import KINDS
from research_hub.editorial.audit import AuditEntry
from research_hub.editorial.notices import Notice

from .models import Heartbeat
from .readiness import cache_remembers, database_answers, unapplied
from .rights import differing_roles
from .storage import missing_and_stray, no_room, stale_static, unmade, write_and_read

SKEW = timedelta(seconds=5)
MUCH = 10_000_000  # bytes of a table, from which on it matters how PostgreSQL goes through it

NEVER_ANALYSED = """
    SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
    AND reltuples < 0 AND pg_relation_size(oid) > %s
    ORDER BY relname"""


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be: wrong, or only worth a thought."""

    words: str
    mend: str
    is_wrong: bool = True
    details: list[str] = field(default_factory=list)


# Settings and machine


def look_at_settings() -> Iterator[Finding]:
    is_public = not (settings.DEMO or settings.DEBUG)
    for told in checks.run_checks(include_deployment_checks=is_public):
        if told.level >= checks.WARNING and not told.is_silenced():
            mend = told.hint or _("docs/settings.md says what each setting is.")
            yield Finding(f"{told.msg} ({told.id})", mend, told.level >= checks.ERROR)
    if settings.DEBUG:
        words = _("DEBUG is on: whoever causes an error sees the code and the settings.")
        yield Finding(words, _("Unset DEBUG, unless this is a machine to write code on."), is_wrong=False)


def look_at_clock() -> Iterator[Finding]:
    """Against the database's own clock, and against what was written before."""
    now = timezone.now()
    mend = _("Set the clock by the network, on each machine: `timedatectl set-ntp true`.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            skew = abs(cursor.fetchone()[0] - now)
        if skew > SKEW:
            words = _("The clocks of this machine and of the database differ by %d seconds.")
            yield Finding(words % skew.total_seconds(), mend)
    last = AuditEntry.objects.newest_first().values_list("at", flat=True).first()
    if last and last - now > SKEW:
        yield Finding(
            _("The audit log has an entry of %s, which is still to come.") % f"{last:%Y-%m-%d %H:%M} UTC", mend
        )


# What it is built on


def look_at_database() -> Iterator[Finding]:
    try:
        database_answers()
    except Exception as error:  # of the driver, in its own words
        mend = _("Start the database, and compare DATABASE_URL with its address, user and password.")
        yield Finding(_("The database does not answer: %s") % str(error).strip(), mend)
        return
    if connection.vendor == "sqlite":
        yield from look_at_sqlite()
    else:
        yield from look_at_postgresql()


def look_at_sqlite() -> Iterator[Finding]:
    if asked("PRAGMA quick_check(1)") != "ok":
        yield Finding(_("The file of the database is damaged."), _("Restore the last backup: docs/leaving.md."))
    if asked("PRAGMA journal_mode") != "wal" and not connection.is_in_memory_db():
        words = _("The database is not in WAL mode: readers wait for writers.")
        yield Finding(words, _("Put it on a local disk: on a network share SQLite cannot do without locks."))


def look_at_postgresql() -> Iterator[Finding]:
    if asked("SHOW server_encoding") != "UTF8":
        mend = _("Make a database with `createdb --encoding=UTF8`, and restore a backup into it.")
        yield Finding(_("The database does not hold every letter: its encoding is not UTF8."), mend)
    with connection.cursor() as cursor:
        cursor.execute(NEVER_ANALYSED, [MUCH])
        tables = [name for (name,) in cursor.fetchall()]
    if tables:
        words = _("PostgreSQL does not know what its big tables hold, and goes through all of them for little.")
        mend = _("Run `vacuumdb --analyze` on the database, and leave `autovacuum` on, which does so by itself.")
        yield Finding(words, mend, is_wrong=False, details=tables)


def asked(sql: str):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def look_at_migrations() -> Iterator[Finding]:
    missing = unapplied()
    if n := len(missing):
        words = ngettext(
            "%d change of the database has not been made.", "%d changes of the database have not been made.", n
        )
        yield Finding(words % n, "manage.py migrate", details=missing)


def look_at_cache() -> Iterator[Finding]:
    if not cache_remembers(getattr(caches["default"], "shared", cache)):  # itself, not what stands in for it
        yield Finding(_("The cache forgets at once."), _("Start Redis, and compare CACHE_URL with its address."))
    elif settings.CACHES["default"]["BACKEND"].endswith("LocMemCache") and not settings.DEMO:
        words = _("Each process keeps pages for itself.")
        mend = _("On more than one machine, or with many workers, set CACHE_URL to a Redis that all of them share.")
        yield Finding(words, mend, is_wrong=False)


def look_at_mail() -> Iterator[Finding]:
    backend = settings.EMAIL_BACKEND.rpartition(".")[0]
    if backend.endswith(("console", "dummy")) and not settings.DEMO:
        words = _("Mail to the staff is only printed where the site runs.")
        yield Finding(words, _("Set EMAIL_URL to your mail server."), is_wrong=False)
    try:
        with mail.get_connection(fail_silently=False):
            pass
    except OSError as error:  # as are those of smtplib
        mend = _("Compare EMAIL_URL with the address, user and password of your mail server.")
        yield Finding(_("The mail server does not let us in: %s") % error, mend)
    old = Notice.objects.waiting().for_each().filter(made_at__lt=timezone.now() - timedelta(days=1)).count()
    if old:
        words = ngettext("%d message has waited for a day.", "%d messages have waited for a day.", old)
        yield Finding(words % old, _("Let cron or systemd run `manage.py send_notices` once a day."))


# Files


def look_at_storage() -> Iterator[Finding]:
    if reason := write_and_read():
        mend = _("Give the user that the site runs as the right to write there, and see whether the disk is full.")
        yield Finding(_("No file can be kept: %s") % reason, mend)
    if room := no_room():
        words = _("The disk of the files is nearly full: %d MB are left.")
        yield Finding(words % room, _("Make room, or give it a larger disk."), is_wrong=False)


def look_at_files() -> Iterator[Finding]:
    missing, stray = missing_and_stray()
    if n := len(missing):
        words = ngettext("%d file is gone that a record names.", "%d files are gone that records name.", n)
        yield Finding(words % n, _("Bring them back from the last backup: docs/leaving.md."), details=missing)
    if n := len(stray):
        words = ngettext("%d file is there that no record names.", "%d files are there that no record names.", n)
        mend = _("They only take room, as after an upload that broke off. Look at them, then delete them.")
        yield Finding(words % n, mend, is_wrong=False, details=stray)


def look_at_renditions() -> Iterator[Finding]:
    if pictures := unmade():
        words = ngettext("%d picture lacks smaller copies.", "%d pictures lack smaller copies.", len(pictures))
        yield Finding(words % len(pictures), "manage.py make_renditions", is_wrong=False, details=pictures)


def look_at_static() -> Iterator[Finding]:
    if stale_static():
        yield Finding(_("Style sheets and scripts have not been collected."), "manage.py collectstatic --noinput")


# What it holds


def look_at_roles() -> Iterator[Finding]:
    if details := differing_roles():
        words = _("Roles have other rights than editorial/roles.py gives them.")
        yield Finding(words, "manage.py install_roles", details=details)


def look_at_schedule() -> Iterator[Finding]:
    mend = _("Let cron or systemd run `manage.py publish_due` every minute, or keep it running with `--every 20`.")
    if not Heartbeat.is_fresh("publish_due", settings.SCHEDULE_LATE_SECONDS):
        last = Heartbeat.objects.filter(name="publish_due").values_list("at", flat=True).first()
        words = _("publish_due last ran at %s.") % f"{last:%Y-%m-%d %H:%M} UTC" if last else _("publish_due never ran.")
        yield Finding(words, mend)
    now = timezone.now()
    late = [
        f"{kind.model._meta.label_lower} {uid}"
        for kind in KINDS.values()
        for rows in (kind.model.objects.due(now), kind.model.objects.due_to_withdraw(now))
        for uid in rows.order_by("pk").values_list("uid", flat=True)
    ]
    if late:
        words = ngettext("%d entry is past its moment.", "%d entries are past their moment.", len(late)) % len(late)
        yield Finding(words, "manage.py publish_due", details=late)
