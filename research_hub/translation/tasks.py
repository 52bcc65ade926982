"""What is owed in the other language, what translators have written, and what was said of it."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorField

from research_hub.activity.kinds import kind_by_code
from research_hub.editorial.checklist import text_names
from research_hub.editorial.models import Entry, person
from research_hub.languages.text import LANGUAGES, other

from .fingerprint import LENGTH, fingerprint

Place = tuple[str, str, str]  # of a text: the entry, the field, the language it is translated into


def named(place: Place) -> dict[str, str]:
    return dict(zip(("uid", "field", "language"), place, strict=True))


FIRST = ["title", "subtitle", "summary", "body"]  # as a reader meets them


@lru_cache
def texts_of(model) -> dict[str, bool]:
    """The texts that a translator writes, by name, and whether each is rich; an address is made from the title."""
    names = sorted(text_names(model), key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST))
    return {name: isinstance(model._meta.get_field(name), ProseEditorField) for name in names}


class State(models.TextChoices):
    """Where the text of a field stands in the target language; decided by what it says and never by time."""

    MISSING = "missing", _("Missing")
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    STALE = "stale", _("Stale")
    UNVERIFIED = "unverified", _("Unverified")
    SUSPICIOUS = "suspicious", _("Suspicious")
    CURRENT = "current", _("Current")
    NOT_NEEDED = "not_needed", _("Not needed")


class Stage(models.IntegerChoices):
    """How far the original is."""

    BEING_WRITTEN = 0, _("Being written")
    FINISHED = 1, _("Finished")
    PUBLIC = 2, _("Public")


FINISHED = {Entry.Status.IN_REVIEW, Entry.Status.APPROVED}


def stage_of(entry: Entry) -> Stage:
    if entry.is_published:
        return Stage.PUBLIC
    return Stage.FINISHED if entry.status in FINISHED else Stage.BEING_WRITTEN


SETTLED = [State.CURRENT, State.NOT_NEEDED]
OPEN = [state for state in State if state not in SETTLED]


class TaskQuerySet(models.QuerySet):
    def open(self):
        return self.filter(units_left__gt=0)

    def ready(self):
        """Whose original is finished: it is public, approved or in review."""
        return self.filter(stage__gte=Stage.FINISHED)

    def overdue(self, today: date):
        return self.open().filter(due_on__lt=today)

    def most_useful_first(self):
        """What is owed soonest, then what readers meet most; the newest entries first among equals."""
        return self.order_by("owed_on", "-stage", "-reads", "-pk")


class Task(models.Model):
    """The translation of one entry: who does it, until when, and how much is left."""

    uid = models.CharField(max_length=10, unique=True)
    kind = models.PositiveSmallIntegerField()
    object_id = models.BigIntegerField()
    type = models.PositiveIntegerField(default=0)
    language = models.CharField(_("into"), max_length=2, choices=Entry.Language)
    status = models.CharField(_("state of the original"), max_length=20, choices=Entry.Status)
    stage = models.PositiveSmallIntegerField(choices=Stage, default=Stage.BEING_WRITTEN)
    words = models.PositiveIntegerField(_("words"), default=0)
    words_left = models.PositiveIntegerField(_("words left"), default=0)
    units_left = models.PositiveSmallIntegerField(_("texts left"), default=0)
    reads = models.PositiveIntegerField(_("reads"), default=0)
    assigned_to = person(_("assigned to"), editable=True)
    due_on = models.DateField(_("owed by"), null=True, blank=True)
    owed_on = models.GeneratedField(  # in an order that both databases have an index for
        expression=Coalesce("due_on", Value(date.max)), output_field=models.DateField(), db_persist=True
    )
    is_held = models.BooleanField(
        _("hold until both languages are approved"),
        default=False,
        help_text=_("Else it is published with the translation still owed."),
    )
    reminded_on = models.DateField(null=True, blank=True, editable=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        default_permissions = []
        permissions = [
            ("write_translation", "May write translations"),
            ("review_translation", "May approve the translations of others"),
            ("plan_translation", "May hand out translations, and hold entries for them"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="an_entry_has_one_translation"),
            models.CheckConstraint(condition=Q(language__in=LANGUAGES), name="translation_language_is_known"),
        ]
        indexes = [
            models.Index(fields=["owed_on", "-stage", "-reads", "-id", "units_left"], name="task_most_useful"),
            models.Index(fields=["-reads", "-id", "stage", "units_left"], name="task_most_read"),
            models.Index(fields=["assigned_to", "owed_on"], name="task_by_translator"),
        ]

    def __str__(self):
        return self.uid

    @property
    def model(self):
        return kind_by_code(self.kind).model

    def get_entry(self) -> Entry:
        """The entry itself as it is now, with its working copy."""
        return self.model._base_manager.select_related("working_copy").get(pk=self.object_id)

    @property
    def source_language(self) -> str:
        return other(self.language)


class Unit(models.Model):
    """One text of an entry, and where it stands in the target language."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="units")
    language = models.CharField(_("into"), max_length=2, choices=Entry.Language)
    field = models.CharField(_("text"), max_length=30)
    stage = models.PositiveSmallIntegerField(choices=Stage)
    state = models.CharField(_("state"), max_length=12, choices=State)
    words = models.PositiveIntegerField(_("words"), default=0)
    source_print = models.CharField(max_length=LENGTH)
    target_print = models.CharField(max_length=LENGTH, blank=True)

    class Meta:
        verbose_name = _("text to translate")
        verbose_name_plural = _("texts to translate")
        default_permissions = []
        constraints = [models.UniqueConstraint(fields=["task", "field"], name="a_translation_has_a_text_once")]
        indexes = [models.Index(fields=["state", "language", "field", "task"], name="unit_by_state")]

    def __str__(self):
        return f"{self.task_id} {self.field}: {self.get_state_display()}"


class Standing(NamedTuple):
    """What a Unit stores, of the entry with this permanent name: a plain row, of which an entry has several."""

    uid: str
    field: str
    language: str
    stage: int
    state: str
    words: int
    source_print: str
    target_print: str


class Draft(models.Model):
    """What a translator has written of one text, and the original that they wrote it from; public is none of it."""

    uid = models.CharField(max_length=10)
    field = models.CharField(_("text"), max_length=30)
    language = models.CharField(max_length=2, choices=Entry.Language)
    text = models.TextField(_("translation"), blank=True)
    source = models.TextField(_("original"))
    replaced = models.TextField(blank=True)  # what stood here before a file took its place
    is_in_review = models.BooleanField(_("in review"), default=False)
    note = models.TextField(_("note"), blank=True)
    version = models.PositiveIntegerField(default=1)
    writers = models.JSONField(default=list)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)
    changed_by = person(_("changed by"))

    class Meta:
        verbose_name = _("draft of a translation")
        verbose_name_plural = _("drafts of translations")
        default_permissions = []
        constraints = [
            models.UniqueConstraint(fields=["uid", "field", "language"], name="a_text_has_one_draft"),
            models.CheckConstraint(condition=Q(language__in=LANGUAGES), name="draft_language_is_known"),
        ]

    def __str__(self):
        return f"{self.uid} {self.field}"

    @classmethod
    def at(cls, place: Place):
        """Not saved yet."""
        return cls(**named(place), version=0)

    @property
    def place(self) -> Place:
        return self.uid, self.field, self.language


class Verdict(models.Model):
    """Somebody's word that one text says the same as the other, or that none is needed: kept for good.

    A translation is current as long as there is such a word about the two texts as they stand.
    """

    class Kind(models.TextChoices):
        APPROVED = "approved", _("Approved")
        TYPED = "typed", _("Typed in the form")
        STILL_CORRECT = "still_correct", _("Still correct")
        MINOR_CHANGE = "minor_change", _("Minor change")
        NOT_NEEDED = "not_needed", _("Not needed")

    uid = models.CharField(max_length=10)
    field = models.CharField(_("text"), max_length=30)
    language = models.CharField(max_length=2, choices=Entry.Language)
    kind = models.CharField(_("verdict"), max_length=15, choices=Kind)
    source = models.TextField(_("original"))
    target = models.TextField(_("translation"), blank=True)
    source_print = models.CharField(max_length=LENGTH)
    target_print = models.CharField(max_length=LENGTH, blank=True)
    reason = models.CharField(_("reason"), max_length=600, blank=True)
    made_at = models.DateTimeField(_("moment"), default=timezone.now)
    made_by = person(_("by"))

    class Meta:
        verbose_name = _("verdict on a translation")
        verbose_name_plural = _("verdicts on translations")
        default_permissions = []
        indexes = [models.Index(fields=["uid", "field"], name="verdict_by_text")]

    def __str__(self):
        return f"{self.uid} {self.field}: {self.get_kind_display()}"

    @property
    def place(self) -> Place:
        return self.uid, self.field, self.language

    @classmethod
    def about(cls, place: Place, source: str, target: str, *, is_rich: bool, kind: Kind, by, reason: str = ""):
        """Not saved yet."""
        return cls(
            **named(place),
            kind=kind,
            source=source,
            target=target,
            source_print=fingerprint(source, is_rich),
            target_print=fingerprint(target, is_rich),
            reason=reason,
            made_by=by,
        )


class Tally(models.Model):
    """By how much the texts in a state, and their words, grew or shrank on a day: what all days add up to is now."""

    day = models.DateField()
    language = models.CharField(max_length=2)
    stage = models.PositiveSmallIntegerField(choices=Stage)
    state = models.CharField(max_length=12, choices=State)
    units = models.BigIntegerField(default=0)
    words = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = []
        constraints = [
            models.UniqueConstraint(fields=["day", "language", "stage", "state"], name="a_state_is_tallied_once")
        ]

    def __str__(self):
        return f"{self.day} {self.language} {self.state}: {self.units}"
