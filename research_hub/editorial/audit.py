"""The audit log: who did what to what, when and from where; written once and never changed.

It names people and things by number and by text, without foreign keys: what is deleted leaves its entries as they are.
"""

import logging
import re
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .proxies import client_address

logger = logging.getLogger(__name__)

SEEN_IN_DETAIL = 1000  # characters of a text in the detail

# Line ends, control characters, halves of characters and what turns the direction of writing: in a text that somebody
# else chose they could pass for another entry, or make this one read as what it is not.
UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class AuditQuerySet(models.QuerySet):
    def newest_first(self):
        return self.order_by("-at", "-pk")

    def update(self, **values):
        raise TypeError("The audit log is never changed.")

    def delete(self):
        raise TypeError("Nothing is deleted from the audit log.")

    delete.queryset_only = True


class AuditEntry(models.Model):
    """One thing that was done; the database itself refuses to change or delete it (migration 0002)."""

    class Action(models.TextChoices):
        LOG_IN = "log_in", _("Log-in")
        LOG_IN_FAILED = "log_in_failed", _("Failed log-in")
        LOG_OUT = "log_out", _("Log-out")
        LOCKED_OUT = "locked_out", _("Locked out after failed log-ins")
        UNLOCKED = "unlocked", _("Lock taken off")
        PASSWORD_CHANGED = "password_changed", _("Password changed")
        PASSWORD_LINK = "password_link", _("Link for a password sent")
        SECOND_FACTOR = "second_factor", _("Second factor changed")
        SESSIONS_ENDED = "sessions_ended", _("Sessions ended")
        RIGHTS_CHANGED = "rights_changed", _("Rights changed")
        CREATE = "create", _("Created")
        SAVE = "save", _("Saved")
        DELETE = "delete", _("Deleted")
        MERGE = "merge", _("Merged")
        SUBMIT = "submit", _("Submitted for review")
        REQUEST_CHANGES = "request_changes", _("Changes requested")
        APPROVE = "approve", _("Approved")
        TAKE_BACK = "take_back", _("Taken back")
        ASSIGN = "assign", _("Assigned")
        SCHEDULE = "schedule", _("Scheduled")
        UNSCHEDULE = "unschedule", _("Schedule removed")
        PUBLISH = "publish", _("Published")
        PUBLISH_UNREVIEWED = "publish_unreviewed", _("Published without review")
        PLAN_WITHDRAWAL = "plan_withdrawal", _("Withdrawal scheduled")
        KEEP = "keep", _("Withdrawal cancelled")
        WITHDRAW = "withdraw", _("Withdrawn")
        RESTORE = "restore", _("Made public again")
        DISCARD = "discard", _("Working copy discarded")
        OVERRIDE = "override", _("Rule overridden")
        PREVIEW_MADE = "preview_made", _("Preview link made")
        PREVIEW_SEEN = "preview_seen", _("Preview opened")
        PREVIEW_REVOKED = "preview_revoked", _("Preview link revoked")
        EXPORT = "export", _("Exported")
        IMPORT = "import", _("Imported")
        UNDO_IMPORT = "undo_import", _("Import taken back")
        TRANSLATION_PLANNED = "translation_planned", _("Translation handed out or held")
        TRANSLATION_SUBMITTED = "translation_submitted", _("Translation submitted for review")
        TRANSLATION_APPROVED = "translation_approved", _("Translation approved")
        TRANSLATION_SENT_BACK = "translation_sent_back", _("Translation sent back")
        TRANSLATION_DISCARDED = "translation_discarded", _("Draft of a translation discarded")
        TRANSLATION_STILL_CORRECT = "translation_still_correct", _("Translation called still correct")
        TRANSLATION_MINOR_CHANGE = "translation_minor_change", _("Change of the original called minor")
        TRANSLATION_NOT_NEEDED = "translation_not_needed", _("Translation called not needed")
        REFUSED = "refused", _("Refused")

    at = models.DateTimeField(_("moment"), default=timezone.now)
    action = models.CharField(_("action"), max_length=30, choices=Action)
    actor_id = models.BigIntegerField(_("account number"), null=True, blank=True)
    actor = models.CharField(_("who"), max_length=150, blank=True)
    subject_type = models.CharField(_("kind"), max_length=80, blank=True)
    subject_key = models.CharField(_("key"), max_length=64, blank=True)
    subject = models.CharField(_("what"), max_length=300, blank=True)
    detail = models.JSONField(_("details"), default=dict, blank=True)
    address = models.GenericIPAddressField(_("network address"), null=True, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit log entry")
        verbose_name_plural = _("audit log entries")
        default_permissions = ["view"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_newest"),
            models.Index(fields=["action", "-at", "-id"], name="audit_by_action"),
            models.Index(fields=["subject_key"], name="audit_by_subject"),
        ]

    def __str__(self):
        return f"{timezone.localtime(self.at):%Y-%m-%d %H:%M:%S} · {self.get_action_display()}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("The audit log is never changed.")
        super().save(force_insert=True, using=kwargs.get("using"))

    def delete(self, *args, **kwargs):
        raise TypeError("Nothing is deleted from the audit log.")


def record(action: str, *, by=None, subject=None, request=None, **detail: Any) -> AuditEntry:
    """Write down what was done, in the transaction of the doing; one INSERT.

    `by` is a user, or a name where there is none (as typed, or of a command); else it is whoever sent the request.
    """
    by = by if by is not None else getattr(request, "user", None)
    is_user = getattr(by, "is_authenticated", False)
    entry = AuditEntry.objects.create(
        action=AuditEntry.Action(action),
        actor_id=by.pk if is_user else None,
        actor=cut(by.get_username() if is_user else by if isinstance(by, str) else "", 150),
        detail=safe({name: value for name, value in detail.items() if value not in (None, "")}),
        address=client_address(request) if request is not None else None,
        **(named(subject) if subject is not None else {}),
    )
    transaction.on_commit(lambda: tell(entry), robust=True)
    return entry


def tell(entry: AuditEntry) -> None:
    """A line for the server's own log, which leads to the entry and says nothing of whom it concerns."""
    action = AuditEntry.Action
    grave = {action.LOG_IN_FAILED, action.LOCKED_OUT, action.REFUSED, action.OVERRIDE, action.RIGHTS_CHANGED}
    told = {"audit": entry.pk, "account": entry.actor_id, "kind": entry.subject_type, "key": entry.subject_key}
    logger.log(logging.WARNING if entry.action in grave else logging.INFO, entry.action, extra=told)


def named(subject: models.Model) -> dict[str, str]:
    """What the log keeps of a record: its kind, its permanent name where it has one, its title of that moment."""
    key = str(getattr(subject, "uid", None) or subject.pk)
    return {"subject_type": subject._meta.label_lower, "subject_key": cut(key, 64), "subject": cut(str(subject), 300)}


def cut(text: str, length: int) -> str:
    """The text on one line, to be seen as it is, and not longer than that."""
    shown = UNSAFE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
    return shown if len(shown) <= length else f"{shown[: length - 1]}…"


def safe(value: Any) -> Any:
    """The same value with every text in it made fit for the log."""
    if isinstance(value, dict):
        return {cut(str(key), SEEN_IN_DETAIL): safe(held) for key, held in value.items()}
    if isinstance(value, list | tuple | set):
        return [safe(held) for held in (sorted(value) if isinstance(value, set) else value)]
    if value is None or isinstance(value, bool | int | float):
        return value
    return cut(value.isoformat() if hasattr(value, "isoformat") else str(value), SEEN_IN_DETAIL)


# What Django tells of log-ins; apps.py connects these.


def logged_in(sender, request, user, **kwargs):
    record(AuditEntry.Action.LOG_IN, by=user, subject=user, request=request)


def logged_out(sender, request, user, **kwargs):
    if user is not None:
        record(AuditEntry.Action.LOG_OUT, by=user, subject=user, request=request)


def log_in_failed(sender, credentials, request=None, **kwargs):
    """The name as it was typed; Django has taken the password out."""
    typed = str(credentials.get("username") or "")
    record(AuditEntry.Action.LOG_IN_FAILED, by=typed, request=request)
