"""What an archive holds, told by the models; docs/archive.md tells it to strangers (docs/decisions/0014-archive.md)."""

import json
import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from django.apps import apps
from django.db import models

from research_hub.activity.kinds import BITS, KINDS, kind_by_code
from research_hub.editorial.versions import written_fields

NAME, VERSION = "research-hub-archive", 1
MANIFEST = "manifest.json"
FOLDERS = ["downloads", "images", "imports"]  # of the files that somebody uploaded
MEMBER = re.compile(
    rf"{re.escape(MANIFEST)}|records/[a-z_]+\.[a-z]+\.jsonl|files/(?:{'|'.join(FOLDERS)})/[0-9A-Za-z_-]+\.[a-z0-9]+"
)

# One file for each of these. A model that is in none of the three lists fails a test: somebody has to decide.
RECORDS = [
    "admin.LogEntry", "auth.Group", "auth.User",
    "editorial.AuditEntry", "editorial.Notice", "editorial.NoticeWish", "editorial.PreviewLink", "editorial.Revision",
    "events.Event", "events.EventCorrection", "events.EventDownload", "events.EventMedia", "events.EventTopic",
    "events.Speaker",
    "importing.Batch", "importing.Equivalent", "importing.Finding", "importing.Origin", "importing.Row",
    "languages.OldSlug", "media.Image",
    "publications.Author", "publications.Authorship", "publications.Publication", "publications.PublicationCorrection",
    "publications.PublicationDownload", "publications.PublicationMedia", "publications.PublicationTopic",
    "publications.PublicationType", "publications.Series",
    "research_hub.LegacyAddress",
    "topics.FeaturedEntry", "topics.Region", "topics.Topic",
    "translation.CountedLog", "translation.Draft", "translation.Reads", "translation.Tally", "translation.Task",
    "translation.Term", "translation.Verdict",
]  # fmt: skip

DERIVED = {
    "activity.Activity": "rebuild_activity",
    "activity.List": "rebuild_activity",
    "activity.Listing": "rebuild_activity",
    "activity.PeriodCount": "rebuild_activity",
    "activity.SearchEntry": "rebuild_activity",
    "translation.Segment": "make_translations",
    "translation.SegmentKey": "make_translations",
    "translation.SegmentUse": "make_translations",
    "translation.Unit": "make_translations",
}

LEFT_OUT = {
    "auth.Permission": "made by `migrate`",
    "contenttypes.ContentType": "made by `migrate`",
    "operations.Heartbeat": "told anew by what runs",
    "sessions.Session": "everybody logs in anew",
    "accounts.StaffSession": "everybody logs in anew",
    "accounts.RecoveryCode": "a secret: everybody sets up the second factor anew",
    "otp_totp.TOTPDevice": "a secret: everybody sets up the second factor anew",
    "axes.AccessAttempt": "failed log-ins, of the last minutes",
    "axes.AccessAttemptExpiration": "failed log-ins, of the last minutes",
    "axes.AccessFailureLog": "the audit log has it",
    "axes.AccessLog": "the audit log has it",
}

DERIVED_COLUMNS = {"media.Image": {"renditions"}}
PASSWORD = "password"  # of an account: only in an archive that was asked for it

# What `migrate` puts into a new site, and the archive puts there instead.
PUT_THERE_BY_MIGRATE = ["auth.Group", "publications.PublicationType"]


class Key(NamedTuple):
    """By what other records name a record: these columns, and how they are put together."""

    columns: tuple[str, ...]
    put: Callable[..., str | None]


def itself(value: str) -> str:
    return value


def dotted(*parts: str) -> str:
    return ".".join(parts)


def address(english: str | None, spanish: str | None) -> str | None:
    """An address is unique within its language."""
    return f"en/{english}" if english else f"es/{spanish}" if spanish else None


KEYS = {
    "auth.Group": Key(("name",), itself),
    "auth.Permission": Key(("content_type__app_label", "content_type__model", "codename"), dotted),
    "auth.User": Key(("username",), itself),
    "contenttypes.ContentType": Key(("app_label", "model"), dotted),
    "events.Event": Key(("uid",), itself),
    "publications.Author": Key(("slug",), itself),
    "publications.Publication": Key(("uid",), itself),
    "publications.PublicationType": Key(("code",), itself),
    "publications.Series": Key(("slug_en", "slug_es"), address),
    "topics.Region": Key(("slug_en", "slug_es"), address),
    "topics.Topic": Key(("slug_en", "slug_es"), address),
}
ACTIVITY = "activity.Activity"  # an entry as lists show it: named by the entry's permanent name

Name = str | int  # of a record, as others refer to it: its key, or its number where it has none


def model_of(label: str) -> type[models.Model]:
    return apps.get_model(label)


def file_of(label: str) -> str:
    return f"records/{label.lower()}.jsonl"


LABELS = {file_of(label): label for label in RECORDS}


def columns_of(label: str, *, passwords: bool = True) -> list[models.Field]:
    """The columns of a record beside its number: no text without a language, and nothing that follows from others."""
    left_out = DERIVED_COLUMNS.get(label, set()) | (set() if passwords or label != "auth.User" else {PASSWORD})
    return [field for field in written_fields(model_of(label)) if not field.generated and field.name not in left_out]


def ties_of(label: str) -> list[models.ManyToManyField]:
    """The relations that stand in the record itself, as a list of names."""
    fields = model_of(label)._meta.many_to_many
    return [field for field in fields if field.remote_field.through._meta.auto_created]


def label_of(model: type[models.Model]) -> str:
    return model._meta.label


def names_of(label: str, pks: Iterable[int]) -> dict[int, Name]:
    """How these records are named; one query."""
    pks = set(pks)
    if label == ACTIVITY:
        return uids_of(pks)
    if label not in KEYS:
        return {pk: pk for pk in pks}
    key = KEYS[label]
    rows = model_of(label)._base_manager.filter(pk__in=pks).values_list("pk", *key.columns)
    return {pk: key.put(*values) or pk for pk, *values in rows}


def uids_of(numbers: set[int]) -> dict[int, Name]:
    """The permanent names of entries by their numbers in the read model; without those that are gone."""
    found: dict[int, Name] = {}
    for kind in KINDS.values():
        pks = [number >> BITS for number in numbers if kind_by_code(number & (1 << BITS) - 1) is kind]
        rows = kind.model._base_manager.filter(pk__in=pks).values_list("pk", "uid")
        found |= {kind.number(pk): uid for pk, uid in rows}
    return found


def keys_made_by_migrate(label: str) -> dict[str, int]:
    key = KEYS[label]
    rows = model_of(label)._base_manager.values_list("pk", *key.columns)
    return {str(key.put(*values)): pk for pk, *values in rows}


# Values


def plain(value: Any) -> Any:
    """A value as JSON holds it: moments in UTC, days and moments in ISO 8601, files by name."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def line(record: dict[str, Any]) -> bytes:
    """One line of a file of records."""
    return (json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()


KINDS_OF_VALUES = {
    "BooleanField": ("yes or no", bool),
    "DateField": ("day", str),
    "DateTimeField": ("moment", str),
    "JSONField": ("JSON", object),
    "FileField": ("file", str),
    "CharField": ("text", str),
    "SlugField": ("text", str),
    "TextField": ("text", str),
    "EmailField": ("text", str),
    "URLField": ("text", str),
    "GenericIPAddressField": ("text", str),
    "BigIntegerField": ("number", int),
    "PositiveBigIntegerField": ("number", int),
    "PositiveIntegerField": ("number", int),
    "PositiveSmallIntegerField": ("number", int),
}


def kind_of_value(field: models.Field) -> tuple[str, type]:
    """What the column holds, in words, and as which type JSON has it."""
    return KINDS_OF_VALUES[field.get_internal_type()]
