"""How often entries are read, by month: counted from the web server's logs, so that no page writes anything when it is
read, and what a cache in front of the site answers is counted too."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import blake2b
from io import BufferedReader
from typing import NamedTuple

from django.db import models, transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from research_hub.activity.kinds import KINDS
from research_hub.activity.sync import chunks
from research_hub.languages.addresses import path_to
from research_hub.languages.models import OldSlug
from research_hub.languages.text import LANGUAGES, other

from .logs import is_request, lines, read_in
from .tasks import Task


class Reads(models.Model):
    """How often an entry was read in a month, in both languages together."""

    uid = models.CharField(max_length=10)
    month = models.DateField()  # its first day
    n = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("reads of a month")
        verbose_name_plural = _("reads by month")
        default_permissions = []
        constraints = [models.UniqueConstraint(fields=["uid", "month"], name="reads_of_a_month_stand_once")]

    def __str__(self):
        return f"{self.uid} {self.month:%Y-%m}: {self.n}"


class CountedLog(models.Model):
    """How far a log was counted: a log that begins with so many bytes of this digest is counted up to there.

    What the file is called, where it stands and how it is packed does not matter, so that it may be rotated.
    """

    length = models.BigIntegerField()
    digest = models.CharField(max_length=32)

    class Meta:
        verbose_name = _("counted log")
        verbose_name_plural = _("counted logs")
        default_permissions = []
        constraints = [models.UniqueConstraint(fields=["length", "digest"], name="a_log_is_counted_once")]

    def __str__(self):
        return f"{self.digest}: {self.length}"


class NoLog(Exception):
    """No line of the file is a request."""


class Overtaken(Exception):
    """Somebody else counted at the same time."""


class Address(NamedTuple):
    """Where an entry is, or was: the model and the language that the path tells, and the slug."""

    model: type[models.Model]
    language: str
    slug: str


Mark = tuple[int, str]  # the length and digest of a CountedLog
NOTHING: Mark = (0, blake2b(digest_size=16).hexdigest())


@dataclass
class Uncounted:
    """What a log holds that is not yet counted, the marks that it was found to pass, and the one where it ends."""

    reads: Counter[tuple[Address, date]] = field(default_factory=Counter)
    passed: list[Mark] = field(default_factory=list)
    end: Mark = NOTHING


def count_log(file: BufferedReader) -> int:
    """Count what a log holds that was not counted before, all of it or nothing; returns how many reads that is."""
    known = known_marks()
    new = uncounted(lines(file), known)
    if new.end in known:
        return 0
    uids = uids_at({address for address, _month in new.reads})
    reads = Counter()
    for (address, month), n in new.reads.items():
        if uid := uids.get(address):
            reads[uid, month] += n
    with transaction.atomic():
        # The mark at which every log begins is what all who count must hold.
        CountedLog.objects.select_for_update().get_or_create(length=NOTHING[0], digest=NOTHING[1])
        if known_marks() != known:
            raise Overtaken
        move_mark(new)
        add(reads)
    return reads.total()


def known_marks() -> set[Mark]:
    return {NOTHING, *CountedLog.objects.values_list("length", "digest")}


def uncounted(log: Iterable[bytes], known: set[Mark]) -> Uncounted:
    """Go through a log once, forgetting what was found whenever it turns out to be counted.

    What it keeps is bounded by the addresses of the site, not by the log, as only what exists is answered with 200.
    """
    new, pages, lengths = Uncounted(), pages_of_entries(), {length for length, _digest in known}
    digest, length, is_log = blake2b(digest_size=16), 0, False
    for line in log:
        digest.update(line)
        length += len(line)
        is_log = is_log or is_request(line)
        found = read_in(line)
        if found and (address := address_of(found[0], pages)):
            new.reads[address, found[1]] += 1
        if length in lengths and (mark := (length, digest.hexdigest())) in known:
            new.passed.append(mark)
            new.reads.clear()
    if length and not is_log:
        raise NoLog
    new.end = (length, digest.hexdigest())
    return new


def pages_of_entries() -> dict[str, tuple]:
    """The models and languages of entries by how the paths of their pages begin."""
    return {
        path_to(kind.model.url_name, language).removesuffix("{}/"): (kind.model, language)
        for kind in KINDS.values()
        for language in LANGUAGES
    }


def address_of(path: str, pages: dict[str, tuple]) -> Address | None:
    start, slash, slug = path.removesuffix("/").rpartition("/")
    page = pages.get(start + slash)
    return Address(*page, slug) if page and slug and path.endswith("/") else None


def uids_at(addresses: set[Address]) -> dict[Address, str]:
    """Whose they are, as `AddressableQuerySet.at` finds it: by the slug of the page's language, by that of the other,
    by one of old."""
    by_model = defaultdict(list)
    for address in addresses:
        by_model[address.model].append(address)
    return {
        address: uid
        for model, found in by_model.items()
        for chunk in chunks(found)
        for address, uid in owners(model, chunk)
    }


def owners(model, addresses: list[Address]) -> list[tuple[Address, str]]:
    slugs = {address.slug for address in addresses}
    now = uids_by_slug(model, slugs)
    old = old_uids_by_slug(model, slugs)
    found = []
    for address in addresses:
        keys = [(language, address.slug) for language in (address.language, other(address.language))]
        uid = next((book[key] for book in (now, old) for key in keys if key in book), None)
        found += [(address, uid)] if uid else []
    return found


def uids_by_slug(model, slugs: set[str]) -> dict[tuple[str, str], str]:
    rows = model.objects.main().filter(Q(slug_en__in=slugs) | Q(slug_es__in=slugs))
    return {
        (language, slug): uid
        for uid, *own in rows.values_list("uid", *(f"slug_{language}" for language in LANGUAGES))
        for language, slug in zip(LANGUAGES, own, strict=True)
    }


def old_uids_by_slug(model, slugs: set[str]) -> dict[tuple[str, str], str]:
    rows = OldSlug.objects.filter(model=model._meta.label_lower, slug__in=slugs)
    left = {(language, slug): pk for language, slug, pk in rows.values_list("language", "slug", "record")}
    uids = dict(model.objects.filter(pk__in=left.values()).values_list("pk", "uid"))
    return {key: uids[pk] for key, pk in left.items() if pk in uids}


def move_mark(new: Uncounted) -> None:
    for length, digest in new.passed:
        CountedLog.objects.filter(length=length, digest=digest).delete()
    CountedLog.objects.create(length=new.end[0], digest=new.end[1])


def add(reads: Counter[tuple[str, date]]) -> None:
    for chunk in chunks(sorted(reads)):
        stored = Reads.objects.filter(uid__in={uid for uid, _month in chunk})
        before = {(uid, month): n for uid, month, n in stored.values_list("uid", "month", "n")}
        rows = [Reads(uid=uid, month=month, n=before.get((uid, month), 0) + reads[uid, month]) for uid, month in chunk]
        Reads.objects.bulk_create(rows, update_conflicts=True, unique_fields=["uid", "month"], update_fields=["n"])


def tell_the_queue(today: date) -> int:
    """Let the queue of translations know what was read within a year; returns for how many entries that changed."""
    since = today.replace(day=1) - timedelta(days=365)
    months = Reads.objects.filter(month__gte=since.replace(day=1)).values("uid")
    reads = dict(months.annotate(total=Sum("n")).values_list("uid", "total"))
    tasks = [task for task in Task.objects.only("uid", "reads").iterator() if task.reads != reads.get(task.uid, 0)]
    for chunk in chunks(tasks):
        for task in chunk:
            task.reads = reads.get(task.uid, 0)
        Task.objects.bulk_update(chunk, ["reads"])
    return len(tasks)
