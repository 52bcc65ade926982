"""Every saved version of every entry: who, when, why."""

from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .versions import apply, snapshot

KEPT_AFTER_DELETION = timedelta(days=90)
DELETED = "delete"


class RevisionQuerySet(models.QuerySet):
    def of(self, entry):
        """Those of an entry and of its working copies."""
        return self.filter(uid=entry.main.uid)

    def newest_first(self):
        return self.order_by("-number")


class Revision(models.Model):
    """An entry as it was after a step; it names the entry by its uid, so that it outlives it."""

    uid = models.CharField(max_length=10)
    number = models.PositiveIntegerField(_("number"))
    model = models.CharField(max_length=100)
    title = models.CharField(_("title"), max_length=1200)
    made_at = models.DateTimeField(_("moment"), default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    step = models.CharField(_("step"), max_length=30)
    status = models.CharField(_("status"), max_length=20)
    is_copy = models.BooleanField(default=False)
    note = models.TextField(_("note"), blank=True)
    field_notes = models.JSONField(_("notes on fields"), default=dict, blank=True)
    snapshot = models.JSONField(encoder=DjangoJSONEncoder)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [models.UniqueConstraint(fields=["uid", "number"], name="an_entry_has_a_version_once")]
        indexes = [models.Index(fields=["step", "made_at"], name="revision_by_step")]

    def __str__(self):
        return f"{self.number} · {self.title}"


def record(entry, step: str, *, by, note: str = "", field_notes: dict | None = None) -> Revision:
    """Keep the entry as it is now; to be called by who holds the lock of `writing()`, so that numbers are in a row."""
    main = entry.main
    last = Revision.objects.filter(uid=main.uid).aggregate(last=models.Max("number"))["last"] or 0
    return Revision.objects.create(
        uid=main.uid,
        number=last + 1,
        model=entry._meta.label_lower,
        title=str(entry),
        made_by=by,
        step=step,
        status=entry.status,
        is_copy=entry.is_working_copy,
        note=note,
        field_notes=field_notes or {},
        snapshot=snapshot(entry),
    )


# The steps that change what is written.
WRITING = ["create", "save", "restore_version", "recover", "import", "undo_import"]


def writers(entry) -> set[int]:
    """Who wrote on it since it was last public."""
    found = Revision.objects.of(entry)
    public = found.filter(step__in=["publish", "publish_unreviewed"]).aggregate(last=models.Max("number"))["last"]
    return set(found.filter(step__in=WRITING, number__gt=public or 0).values_list("made_by", flat=True))


def submitter(entry) -> int | None:
    """Who submitted it last."""
    found = Revision.objects.of(entry).filter(step="submit").newest_first()
    return found.values_list("made_by", flat=True).first()


def last_words(entry) -> Revision | None:
    """What was said when the entry was handed on, to who has it now."""
    handed_on = ["submit", "request_changes", "take_back", "assign"]
    found = Revision.objects.of(entry).filter(step__in=handed_on).newest_first().first()
    is_current = found is not None and found.status == entry.status and (found.note or found.field_notes)
    return found if is_current else None


def deleted(model):
    """The last versions of entries that are gone and can still be brought back."""
    since = timezone.now() - KEPT_AFTER_DELETION
    found = Revision.objects.filter(model=model._meta.label_lower, step=DELETED, made_at__gte=since)
    return found.exclude(uid__in=model._base_manager.values("uid")).order_by("-made_at")


def recover(revision: Revision, model, *, by):
    """A draft again, under its permanent name, as it was when it was deleted; and what of it could not come back."""
    made = Revision.objects.filter(uid=revision.uid, step="create").select_related("made_by").first()
    entry = model(uid=revision.uid, created_by=made.made_by if made else by, updated_by=by)
    lost = apply(revision.snapshot, entry)
    record(entry, "recover", by=by)
    return entry, lost


def forget_deleted() -> int:
    """Let go of the versions of what was deleted too long ago; returns how many."""
    gone = Revision.objects.filter(step=DELETED, made_at__lt=timezone.now() - KEPT_AFTER_DELETION)
    forgotten = 0
    for uid, label in gone.values_list("uid", "model").distinct():
        if not apps.get_model(label)._base_manager.filter(uid=uid).exists():
            forgotten += Revision.objects.filter(uid=uid).delete()[0]
    return forgotten
