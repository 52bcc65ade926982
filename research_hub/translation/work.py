"""What is done with a translation, and who may: written, handed in, approved, sent back, or said to be right."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import chain
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from research_hub.activity.kinds import kind_of
from research_hub.activity.sync import sync_entry
from research_hub.editorial import audit, history, notices
from research_hub.editorial.models import Entry, Revision
from research_hub.editorial.workflow import has_right
from research_hub.languages.text import clean_html

from .fingerprint import fingerprint
from .states import row_to_translate, sync
from .tasks import SETTLED, Draft, Place, State, Task, Unit, Verdict, texts_of

WRITE, REVIEW, PLAN = (f"translation.{right}_translation" for right in ("write", "review", "plan"))
RIGHTS = (WRITE, REVIEW, PLAN)
NOTHING = gettext_lazy("There is nothing here of which that could be done.")
LOOKED_BACK = 20  # versions of an entry, for an original that changed while it was translated
CONFIRMED = [State.STALE, State.UNVERIFIED, State.SUSPICIOUS]  # what may be said to be right as it is


class Conflict(ValidationError):
    """Somebody else has saved this text since it was opened."""


def may_open(user) -> bool:
    return any(user.has_perm(right) for right in RIGHTS)


class Seen(NamedTuple):
    """What somebody had before them when they opened the page of a text: it comes back with what they send."""

    language: str = ""
    draft: str = ""
    source: str = ""
    target: str = ""
    words: str = ""  # what stood in the box

    @classmethod
    def read(cls, token: str) -> "Seen":
        parts = token.split(" ")
        return cls(*parts) if len(parts) == len(cls._fields) else cls()

    def __str__(self) -> str:
        return " ".join(self)

    def is_still_so(self, text: "Text") -> bool:
        """Whether the texts are what they were; what somebody typed into the box is another question."""
        return self[:-1] == text.seen[:-1]


@dataclass(frozen=True)
class Text:
    """One text of an entry, with what was written of it in the other language."""

    task: Task
    unit: Unit
    row: Entry
    is_rich: bool
    draft: Draft | None
    verdicts: list[Verdict]

    @property
    def field(self) -> str:
        return self.unit.field

    @property
    def place(self) -> Place:
        return self.task.uid, self.field, self.task.language

    @property
    def column(self) -> str:
        return f"{self.field}_{self.task.language}"

    @property
    def label(self) -> str:
        return capfirst(str(self.row._meta.get_field(self.field).verbose_name))

    @property
    def source(self) -> str:
        return getattr(self.row, f"{self.field}_{self.task.source_language}") or ""

    @property
    def target(self) -> str:
        return getattr(self.row, self.column) or ""

    @property
    def words(self) -> str:
        """What stands in the box: the draft, else what there is."""
        return self.draft.text if self.draft else self.target

    @cached_property
    def seen(self) -> Seen:
        draft = f"{self.draft.pk}.{self.draft.version}" if self.draft else "-"
        prints = self.unit.source_print, self.unit.target_print or "-"
        return Seen(self.task.language, draft, *prints, digest(tidy(self, self.words)))

    @cached_property
    def translated_from(self) -> str:
        """The original that the words in the box were made from; "" where nobody knows."""
        if self.draft:
            return self.draft.source
        about = [verdict for verdict in self.verdicts if verdict.target_print == self.unit.target_print]
        return about[0].source if about and self.unit.target_print else ""

    @property
    def is_behind(self) -> bool:
        """Whether the original has changed since the words in the box were made from it."""
        made_from = fingerprint(self.translated_from, self.is_rich)
        return bool(self.words and made_from) and made_from != self.unit.source_print

    @property
    def is_settled(self) -> bool:
        return self.unit.state in SETTLED


def texts(task: Task, main: Entry) -> dict[str, Text]:
    """The texts of an entry by their fields, in the order of its form."""
    return texts_of_many([(task, main)])[task.uid]


def texts_of_many(pairs: list[tuple[Task, Entry]]) -> dict[str, dict[str, Text]]:
    """The texts of each entry, by its permanent name; two queries, whose tasks come with their units."""
    uids = [task.uid for task, _main in pairs]
    drafts = {draft.place: draft for draft in Draft.objects.filter(uid__in=uids).select_related("changed_by")}
    said: dict[Place, list[Verdict]] = defaultdict(list)
    verdicts = Verdict.objects.filter(uid__in=uids).order_by("-pk").select_related("made_by")
    for verdict in verdicts.defer("source", "target"):  # long, and only one of them is read
        said[verdict.place].append(verdict)
    return {task.uid: dict(texts_in(task, main, drafts, said)) for task, main in pairs}


def texts_in(task: Task, main: Entry, drafts: dict, said: dict) -> Iterator[tuple[str, Text]]:
    units = {unit.field: unit for unit in task.units.all()}
    for field, is_rich in texts_of(type(main)).items():
        place = (task.uid, field, task.language)
        if field in units:
            row = row_to_translate(main, field, task.is_held)
            yield field, Text(task, units[field], row, is_rich, drafts.get(place), said.get(place, []))


# Who may


def may_write(user) -> bool:
    return user.has_perm(WRITE)


def may_approve(user, draft: Draft) -> bool:
    return user.has_perm(REVIEW) and (not settings.TRANSLATIONS_NEED_OTHER_EYES or user.pk not in draft.writers)


def may_call_minor(user, entry: Entry) -> bool:
    return has_right(user, "review", entry)


def refuse_unless(is_allowed: bool, reason: str = "") -> None:
    if not is_allowed:
        raise PermissionDenied(reason or _("Your role does not allow this."))


# What a translator does


def tidy(text: Text, words: str) -> str:
    """As it can be stored: rich text cleaned, one line where the field is one."""
    if text.is_rich:
        return clean_html(words)
    is_line = isinstance(text.row._meta.get_field(text.column), models.CharField)
    return " ".join(words.split()) if is_line else words.replace("\r\n", "\n").strip()


def save(text: Text, words: str, *, by, seen: Seen | None = None, made_from: str | None = None, request=None) -> bool:
    """Keep the words as a draft, and tell whether that changed anything; emptied, the draft goes.

    `made_from` is the original that they were made from, where they come from elsewhere. To be followed by `settle`.
    Raises Conflict where somebody else has changed the translation since it was seen.
    """
    refuse_unless(may_write(by))
    words, draft, seen = tidy(text, words), text.draft, seen or text.seen
    if words == text.words or digest(words) == seen.words:
        return False
    if (seen.language, seen.draft, seen.target) != (text.seen.language, text.seen.draft, text.seen.target):
        who = draft.changed_by if draft else _("Somebody else")
        raise Conflict(_("%(who)s has saved this text since you opened it.") % {"who": who})
    if not words or (words == text.target and not text.is_behind):
        if draft:
            log("translation_discarded", text, by, request)
            draft.delete()
    else:
        keep(draft or Draft.at(text.place), words, source_seen(text, seen) if made_from is None else made_from, by)
    return True


def source_seen(text: Text, seen: Seen) -> str:
    """The original that the user had before them: as it is now, or as it was in one of its last versions."""
    column, label = f"{text.field}_{text.task.source_language}", text.row._meta.label_lower
    last = Revision.objects.of(text.row).filter(model=label).newest_first()[:LOOKED_BACK]
    known = chain([text.source], (version.snapshot["fields"].get(column) or "" for version in last))
    return next((source for source in known if fingerprint(source, text.is_rich) == seen.source), "")


def digest(words: str) -> str:
    return blake2b(words.encode(errors="replace"), digest_size=8).hexdigest()


def keep(draft: Draft, words: str, source: str, by) -> None:
    draft.text, draft.source, draft.changed_by, draft.changed_at = words, source, by, timezone.now()
    draft.version += 1
    draft.writers = sorted({*draft.writers, by.pk})
    draft.save()


def renew(text: Text, *, by, seen: Seen) -> None:
    """Say that the draft is right for the original as it is now."""
    refuse_unless(may_write(by))
    refuse_what_changed(text, seen)
    if not text.draft or not text.is_behind:
        raise ValidationError(NOTHING)
    keep(text.draft, text.draft.text, text.source, by)
    settle(text)


def refuse_what_changed(text: Text, seen: Seen) -> None:
    if not seen.is_still_so(text):
        raise Conflict(_("“%s” has changed since you opened this page: look at it again.") % text.label)


def hand_in(found: list[Text], *, by, request=None) -> None:
    """Submit the drafts for review."""
    refuse_unless(may_write(by))
    handed_in = [text for text in found if not text.draft.is_in_review]
    if not handed_in:
        raise ValidationError(NOTHING)
    for text in handed_in:
        text.draft.is_in_review, text.draft.note = True, ""
        text.draft.save()
        log("translation_submitted", text, by, request)
    settle(handed_in[0])
    tell("translation_submitted", handed_in, reviewers(handed_in), by)


def send_back(found: list[Text], *, by, note: str, request=None) -> None:
    """The drafts are drafts again, with what is to be done to them."""
    refuse_unless(by.has_perm(REVIEW))
    if not found:
        raise ValidationError(NOTHING)
    for text in found:
        text.draft.is_in_review, text.draft.note = False, note
        text.draft.save()
        log("translation_sent_back", text, by, request, note=note)
    settle(found[0])
    tell("translation_sent_back", found, writers(found), by, note)


def confirm(text: Text, kind: Verdict.Kind, *, by, seen: Seen, reason: str = "", request=None) -> None:
    """Say that the translation is right as it stands, or that none is needed."""
    is_needed = kind != Verdict.Kind.NOT_NEEDED
    refuse_unless(may_call_minor(by, text.row) if kind == Verdict.Kind.MINOR_CHANGE else may_write(by))
    refuse_what_changed(text, seen)
    if not is_needed and (text.unit.state != State.MISSING or not reason):
        raise ValidationError(_("Say why none is needed, of a text that has no translation."))
    if is_needed and text.unit.state not in CONFIRMED:
        raise ValidationError(_("There is no translation of it to be confirmed."))
    pronounce(text, kind, text.source, text.target, by, reason)
    log(f"translation_{kind}", text, by, request, reason=reason)
    settle(text)


# What a reviewer does


def approve(found: list[Text], *, by, request=None) -> None:
    """Put the drafts into the entry, where readers have them at once if it is public, and into its working copy
    where that has the same translation. To be called by who holds the lock of `writing()`."""
    rows: dict[int, Entry] = {}
    if not found:
        raise ValidationError(NOTHING)
    tell("translation_approved", found, writers(found), by)
    for text in found:
        refuse_unless(may_approve(by, text.draft), _("You wrote on this translation: somebody else must approve it."))
        for row in rows_to_write(text):
            row = rows.setdefault(row.pk, row)
            setattr(row, text.column, text.draft.text)
            check(row, text)
        pronounce(text, Verdict.Kind.APPROVED, text.draft.source, text.draft.text, by)
        log("translation_approved", text, by, request)
        text.draft.delete()
    for row in rows.values():
        row.version += 1
        row.save()
        history.record(row, "translate", by=by)
        if row.is_published:
            sync_entry(row)


def rows_to_write(text: Text) -> list[Entry]:
    """The row that was translated; with the entry goes its working copy, unless that says otherwise already."""
    copy = getattr(text.row, "working_copy", None)
    if copy and fingerprint(getattr(copy, text.column), text.is_rich) == text.unit.target_print:
        return [text.row, copy]
    return [text.row]


def check(row: Entry, text: Text) -> None:
    """Raise ValidationError, under the name of the text, where it cannot be stored."""
    try:
        row._meta.get_field(text.column).clean(text.draft.text, row)
    except ValidationError as error:
        raise ValidationError({text.field: error.messages}) from error


# What an editor plans


def plan(task: Task, given: dict, *, by, request=None) -> None:
    """Hand it to somebody, owe it by a day, hold its entry: what is given of `assigned_to`, `due_on`, `is_held`."""
    own = given == {"assigned_to": by} and task.assigned_to_id in (None, by.pk) and may_write(by)
    refuse_unless(own or by.has_perm(PLAN))
    changed = {name: value for name, value in given.items() if getattr(task, name) != value}
    if not changed:
        return
    for name, value in changed.items():
        setattr(task, name, value)
    if "due_on" in changed:
        task.reminded_on = None
    task.save()
    main = task.get_entry()
    told = {name: str(value) if name == "assigned_to" and value else value for name, value in changed.items()}
    audit.record("translation_planned", by=by, subject=main, request=request, **told)
    if "assigned_to" in changed:
        notices.tell("translation_planned", main, by=by, people=people(task.assigned_to_id, but=by), page=page_of(task))
    sync(kind_of(main), [main.pk])  # held, it is the next version that is translated


# Who is told


def page_of(task: Task) -> notices.Page:
    return "admin:translation_text", [task.uid]


def people(*keys: int | None, but=None):
    """Those of the staff; not the one who did it."""
    return get_user_model().objects.filter(pk__in=[*keys], is_active=True, is_staff=True).exclude(pk=but and but.pk)


def reviewers(found: list[Text]):
    """Who may approve these drafts."""
    return notices.who_may(REVIEW).exclude(pk__in=writing(found))


def writers(found: list[Text]):
    return people(*writing(found))


def writing(found: list[Text]) -> set[int]:
    return {pk for text in found for pk in text.draft.writers}


def tell(step: str, found: list[Text], told, by, note: str = "") -> None:
    task, entry = found[0].task, found[0].row.main
    notices.tell(step, entry, by=by, note=note, people=told.exclude(pk=by.pk), page=page_of(task))


# What all of it ends in


def pronounce(text: Text, kind: Verdict.Kind, source: str, target: str, by, reason: str = "") -> None:
    Verdict.about(text.place, source, target, is_rich=text.is_rich, kind=kind, by=by, reason=reason).save()


def log(action: str, text: Text, by, request, **detail) -> None:
    audit.record(action, by=by, subject=text.row.main, request=request, field=text.column, **detail)


def settle(text: Text) -> None:
    """Bring the states of all texts of its entry up to date."""
    main = text.row.main
    sync(kind_of(main), [main.pk])
