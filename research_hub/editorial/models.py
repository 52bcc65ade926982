from collections.abc import Callable, Iterator

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.base import ModelState
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from research_hub.activity.dates import UNDATED, PartialDate, Precision
from research_hub.activity.kinds import KINDS
from research_hub.activity.sync import sync_entries, sync_entry, writing
from research_hub.languages.addresses import Addressable, AddressableQuerySet
from research_hub.languages.slugs import new_uid, slug_is_taken
from research_hub.languages.text import LANGUAGES, clean_html, read

from .audit import AuditEntry
from .history import Revision
from .listed import Listed
from .notices import Notice, NoticeWish
from .preview import PreviewLink
from .prose import prose
from .versions import Snapshot, apply, snapshot

KEYS = 2_000  # that are read at a time

__all__ = ["AuditEntry", "Entry", "EntryQuerySet", "Notice", "NoticeWish", "PreviewLink", "Revision"]


class EntryQuerySet(AddressableQuerySet):
    def published(self):
        return self.filter(status=Entry.Status.PUBLISHED)

    def withdrawn(self):
        return self.filter(status=Entry.Status.WITHDRAWN)

    def main(self):
        """Each entry once: working copies stand behind what they revise."""
        return self.filter(revises=None)

    def due(self, now):
        """What was to be public by now and is not."""
        return self.filter(status=Entry.Status.APPROVED, publish_at__lte=now)

    def due_to_withdraw(self, now):
        return self.published().filter(withdraw_at__lte=now)

    def newest_first(self):
        return self.order_by(F("date_lo").desc(nulls_last=True), "date_precision", "-pk")

    def for_activity(self) -> list:
        """The entries, each knowing what is `around` it, in a fixed number of queries.

        They have only the columns that lists show, and nobody saves them: made as what is unpickled is, without
        asking each field of each row.
        """
        columns = self.model.shown_columns
        entries = [read_only(self.model, self.db, zip(columns, row, strict=True)) for row in self.values_list(*columns)]
        self.model.gather(entries)
        return entries

    def sort_keys(self, number: Callable[[int], int]) -> Iterator[int]:
        """The keys by which the lists order them; `number` makes of a primary key what the lists call it."""
        rows = self.values_list("pk", "date_lo", "date_hi", "date_precision")
        return (PartialDate.known(*date).sort_key(number(pk)) for pk, *date in rows.iterator(KEYS))

    def update(self, **values):
        if "status" in values:
            raise TypeError("A status is changed by the steps of editorial/workflow.py, which keep the lists right.")
        return super().update(**values)

    def delete(self):
        with writing():
            entries = [(KINDS[self.model._meta.model_name], pk) for pk in self.values_list("pk", flat=True)]
            result = super().delete()
            sync_entries(entries)
        return result


def read_only(model, database: str, values):
    entry = model.__new__(model)
    entry._state = ModelState()
    entry._state.db, entry._state.adding = database, False
    entry.__dict__.update(values)
    return entry


def person(verbose_name: str, on_delete=models.SET_NULL, **options):
    """Somebody of the staff who has to do with an entry."""
    options = {"editable": False} | options
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=verbose_name,
        **options,
    )


def moment(verbose_name: str, **options):
    return models.DateTimeField(verbose_name, null=True, blank=True, editable=False, **options)


class Entry(Listed, Addressable):
    """A publication or an event: what both are to an editor."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        CHANGES_REQUESTED = "changes_requested", _("Changes requested")
        APPROVED = "approved", _("Approved")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Language(models.TextChoices):
        ENGLISH = "en", _("English")
        SPANISH = "es", _("Spanish")

    # What staff do not write in the form, but what happens to an entry: no version holds it.
    KEPT_BY_THE_HOUSE = {
        "uid", "status", "revises", "version", "created_at", "created_by", "updated_at", "updated_by",
        "assigned_to", "due_on", "publish_at", "scheduled_by", "published_at", "published_by",
        "withdraw_at", "withdrawn_at", "withdrawn_by", "reason_en", "reason_es",
    }  # fmt: skip

    uid = models.CharField(_("permanent name"), max_length=10, unique=True, default=new_uid, editable=False)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    revises = models.OneToOneField(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="working_copy",
        verbose_name=_("working copy of"),
    )
    source_language = models.CharField(
        _("written in"),
        max_length=2,
        choices=Language,
        default=Language.ENGLISH,
        help_text=_("The language of the original; the other one is the translation."),
    )
    title = models.CharField(
        _("title"), max_length=1200, blank=True, help_text=_("As on the cover, without a final stop.")
    )
    summary = models.TextField(
        _("summary"),
        blank=True,
        help_text=_("What lists show: two or three sentences, plain text, that make sense without the title."),
    )
    body = prose(_("text"), help_text=_("Paste from a word processor: only its structure is kept."))
    date_lo = models.DateField(_("date"), null=True, blank=True, editable=False)
    date_hi = models.DateField(_("last day"), null=True, blank=True, editable=False)
    date_precision = models.PositiveSmallIntegerField(
        _("precision"), choices=Precision, default=Precision.NONE, editable=False
    )
    is_undated = models.BooleanField(
        _("undated on purpose"), default=False, help_text=_("It has no date, and needs none.")
    )
    version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    created_by = person(_("created by"))
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    updated_by = person(_("changed by"))
    assigned_to = person(_("assigned to"))
    due_on = models.DateField(_("due"), null=True, blank=True, editable=False)
    publish_at = moment(_("to be published at"))
    scheduled_by = person(_("scheduled by"), models.PROTECT)
    published_at = moment(_("published at"))
    published_by = person(_("published by"), models.PROTECT)
    withdraw_at = moment(_("to be withdrawn at"))
    withdrawn_at = moment(_("withdrawn at"))
    withdrawn_by = person(_("withdrawn by"), models.PROTECT)
    reason_en = models.CharField(_("reason [en]"), max_length=600, blank=True, editable=False)
    reason_es = models.CharField(_("reason [es]"), max_length=600, blank=True, editable=False)

    named_by = "title"
    objects = EntryQuerySet.as_manager()

    class Meta:
        abstract = True
        indexes = [
            models.Index(fields=["status", "updated_at"], name="%(class)s_by_status"),
            models.Index(fields=["withdraw_at"], condition=Q(withdraw_at__isnull=False), name="%(class)s_to_withdraw"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["slug_en"], condition=Q(revises=None), name="%(class)s_slug_en_is_its_own"),
            models.UniqueConstraint(fields=["slug_es"], condition=Q(revises=None), name="%(class)s_slug_es_is_its_own"),
            models.CheckConstraint(
                condition=Q(
                    status__in=["draft", "in_review", "changes_requested", "approved", "published", "withdrawn"]
                ),
                name="%(class)s_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(revises=None) | (~Q(status__in=["published", "withdrawn"]) & Q(published_at=None)),
                name="%(class)s_working_copy_is_never_public",
            ),
            models.CheckConstraint(
                condition=Q(source_language__in=["en", "es"]), name="%(class)s_source_language_is_known"
            ),
            models.CheckConstraint(
                condition=Q(date_lo=None, date_hi=None, date_precision=Precision.NONE)
                | Q(date_lo__isnull=False, date_hi__gte=F("date_lo"), date_precision__lt=Precision.NONE),
                name="%(class)s_date_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False),
                name="%(class)s_published_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(publish_at=None) | Q(status="approved"), name="%(class)s_scheduled_is_approved"
            ),
            models.CheckConstraint(
                condition=Q(withdraw_at=None) | Q(status="published"), name="%(class)s_to_be_withdrawn_is_public"
            ),
            models.CheckConstraint(
                condition=Q(scheduled_by=None, publish_at=None, withdraw_at=None)
                | Q(scheduled_by__isnull=False) & (Q(publish_at__isnull=False) | Q(withdraw_at__isnull=False)),
                name="%(class)s_scheduled_at_and_by",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{at: None, by: None}) | Q(**{f"{at}__isnull": False, f"{by}__isnull": False}),
                    name=f"%(class)s_{at}_and_by",
                )
                for at, by in (
                    ("published_at", "published_by"),
                    ("withdrawn_at", "withdrawn_by"),
                )
            ),
        ]

    def __str__(self):
        return str(read(self, "title")) or self.uid

    def tidy(self):
        """What every way of storing it does first."""
        for language in LANGUAGES:
            body = getattr(self, f"body_{language}")
            setattr(self, f"body_{language}", clean_html(body) if body else body)

    def save(self, *args, **kwargs):
        self.tidy()
        with writing():  # before the row's own lock, so that two who publish many never wait for each other
            super().save(*args, **kwargs)

    def clean(self):
        super().clean()
        errors = {}
        if not getattr(self, f"title_{self.source_language}"):
            errors[f"title_{self.source_language}"] = _("Give the title in the language this is written in.")
        if self.is_undated and self.date_lo:
            errors["is_undated"] = _("It has a date: take that away, or this mark.")
        for language in LANGUAGES:
            slug = getattr(self, f"slug_{language}")
            if slug and slug_is_taken(self, slug):
                errors[f"slug_{language}"] = _("Another page has or had this address; choose another.")
        if errors:
            raise ValidationError(errors)

    @property
    def date(self) -> PartialDate:
        if self.date_lo is None:
            return UNDATED
        return PartialDate.known(self.date_lo, self.date_hi, self.date_precision)

    @date.setter
    def date(self, date: PartialDate):
        self.date_lo, self.date_hi, self.date_precision = date.lo, date.hi, date.precision

    # Where it stands

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    @property
    def is_withdrawn(self) -> bool:
        return self.status == self.Status.WITHDRAWN

    @property
    def is_working_copy(self) -> bool:
        return self.revises_id is not None

    @property
    def has_been_public(self) -> bool:
        """Then it is not written on any more: changes go to its working copy."""
        return self.is_published or self.is_withdrawn

    @property
    def main(self):
        """The entry itself, of which this may be the working copy."""
        return self.revises if self.is_working_copy else self

    @property
    def written_on(self):
        """The row that an editor changes: the working copy, where there is one."""
        return getattr(self, "working_copy", self) if self.has_been_public else self

    def has_public_address(self) -> bool:
        return self.has_been_public

    def rivals(self):
        return super().rivals().filter(revises=None).exclude(pk=self.revises_id)

    def locked(self):
        """The row as it is now, ours until the end of the transaction."""
        return type(self)._base_manager.select_for_update().get(pk=self.pk)

    # What becomes of it

    def work_on(self, typed: Snapshot, *, by):
        """Write what was typed into the working copy, made if there is none; the public page does not move."""
        copy = getattr(self, "working_copy", None) or type(self)(revises=self, created_by=by)
        apply(typed, copy)
        return copy

    def publish(self, *, by):
        """Make it public, now, and return what is public: a working copy goes into the entry that it revises.

        Raises ValidationError where a reader would meet something broken.
        """
        with writing():
            main = self._into_main() if self.is_working_copy else self
            main.full_clean()
            if not main.is_published:  # else a withdrawal that is planned stays so
                main._forget_plans()
                main.withdrawn_at, main.withdrawn_by, main.reason_en, main.reason_es = None, None, "", ""
            main.status, main.published_at, main.published_by = self.Status.PUBLISHED, timezone.now(), by
            main.save()
            sync_entry(main)
        return main

    def _into_main(self):
        main, written = self.revises.locked(), snapshot(self)
        main.updated_by = self.updated_by
        main.version += 1
        self.delete()
        apply(written, main)
        return main

    def _forget_plans(self):
        self.publish_at, self.scheduled_by, self.withdraw_at, self.assigned_to, self.due_on = [None] * 5

    def withdraw(self, *, by, reason_en="", reason_es=""):
        """Take it from the public; the record stays ours, and its page gives the reason."""
        with writing():
            self.status, self.withdrawn_at, self.withdrawn_by = self.Status.WITHDRAWN, timezone.now(), by
            self.reason_en, self.reason_es = reason_en, reason_es
            self._forget_plans()
            self.save()
            copy = self.written_on
            if copy.publish_at:  # it would undo the withdrawal when its time comes
                copy.publish_at = copy.scheduled_by = None
                copy.save()
            sync_entry(self)
