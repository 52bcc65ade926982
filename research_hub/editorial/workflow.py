"""The way of an entry: which step leads from where to where, and who may take it. One table, read by the admin,
its tests and docs/workflow.md."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from research_hub.activity.sync import writing

from . import audit, history, notices
from .checklist import SOME_DAY, refuse_unfinished
from .models import Entry
from .roles import permission

DRAFT, IN_REVIEW, CHANGES_REQUESTED, APPROVED, PUBLISHED, WITHDRAWN = Entry.Status.values
BEING_WRITTEN = {DRAFT, CHANGES_REQUESTED}
BEFORE_APPROVAL = BEING_WRITTEN | {IN_REVIEW}
BEFORE_PUBLICATION = BEFORE_APPROVAL | {APPROVED}


@dataclass(frozen=True)
class Answers:
    """What is said when a step is taken."""

    note: str = ""
    field_notes: dict[str, str] | None = None
    moment: datetime | None = None
    reason_en: str = ""
    reason_es: str = ""
    assigned_to: Any = None
    due_on: Any = None


Effect = Callable[[Entry, Any, Answers], Entry]  # what it does to the locked row; returns the row that remains


@dataclass(frozen=True)
class Step:
    """`right` is the permission it takes, before _publication or _event; `write` is that to write this very entry.
    `asks` names the answers that its page asks for."""

    code: str
    label: str | Promise
    done: str | Promise
    sources: set[str]
    right: str
    effect: Effect
    asks: tuple[str, ...] = ("note",)
    is_checked: bool = False
    needs_other_eyes: bool = False
    of: str = "any"  # "copy": of a working copy only

    def is_open(self, entry: Entry) -> bool:
        """Whether it leads on from where the entry stands."""
        plans = {"unschedule": entry.publish_at, "keep": entry.withdraw_at}
        if self.code in plans and not plans[self.code]:
            return False
        return entry.status in self.sources and (self.of == "any" or entry.is_working_copy)


# Who may


def has_right(user, right: str, entry) -> bool:
    """Whether the user's roles give this right over entries of its kind."""
    return user.has_perm(permission(right, entry))


def may_write(user, entry) -> bool:
    """An author writes what is their own; who reviews may write everybody's."""
    return has_right(user, "change", entry) and (has_right(user, "review", entry) or is_own(user, entry))


def is_own(user, entry) -> bool:
    """Whether it is by this user, as who made it or submitted it last, who stands in its byline, or to whom it was
    given. Who made a working copy has not written the entry."""
    main = entry.main
    if user.pk in {main.created_by_id, main.assigned_to_id, entry.assigned_to_id}:
        return True
    if main.people_with_accounts().filter(user=user).exists():
        return True
    return not entry.is_working_copy and history.submitter(entry) == user.pk


def may_edit(user, entry) -> bool:
    """Whether the form is open to the user, as things stand; what is approved stays as it was approved."""
    row = entry.written_on
    if row.status == IN_REVIEW:
        return has_right(user, "change", entry) and has_right(user, "review", entry)
    return row.status != APPROVED and may_write(user, row)


def may_delete(user, entry) -> bool:
    """Only what was never public, and no working copy: that is discarded."""
    if entry.published_at or entry.is_working_copy or entry.status not in BEING_WRITTEN:
        return False
    return has_right(user, "delete", entry) and may_write(user, entry)


def refusal(step: Step, entry: Entry, user) -> str:
    """Why this user may not take this step with this entry now; empty where they may."""
    if not step.is_open(entry):
        return _("This cannot be done now: it is “%s”.") % entry.get_status_display()
    if not is_allowed(step, entry, user):
        return _("Your role does not allow this.")
    if own_eyes(step, entry, user) and not has_right(user, "override", entry):
        return _("You wrote on this since it was last public, so somebody else must approve it.")
    return ""


def is_allowed(step: Step, entry: Entry, user) -> bool:
    """Whether the user's roles give the step."""
    return may_write(user, entry) if step.right == "write" else has_right(user, step.right, entry)


def open_steps(entry: Entry, user) -> list[Step]:
    """The steps that this user may take with it now, in the order of the table."""
    return [step for step in STEPS.values() if not refusal(step, entry, user)]


# What is done


def to(status: str) -> Effect:
    def effect(entry, by, answers):
        entry.status, entry.assigned_to, entry.due_on = status, answers.assigned_to, answers.due_on
        entry.publish_at = entry.scheduled_by = None
        entry.save()
        return entry

    return effect


def assign(entry, by, answers):
    entry.assigned_to, entry.due_on = answers.assigned_to, answers.due_on
    entry.save()
    return entry


def schedule(entry, by, answers):
    entry.publish_at, entry.scheduled_by = answers.moment, by
    entry.save()
    return entry


def publish(entry, by, answers):
    return entry.publish(by=by)


def withdraw(entry, by, answers):
    entry.withdraw(by=by, reason_en=answers.reason_en, reason_es=answers.reason_es)
    return entry


def plan_withdrawal(entry, by, answers):
    entry.withdraw_at, entry.scheduled_by = answers.moment, by
    entry.reason_en, entry.reason_es = answers.reason_en, answers.reason_es
    entry.save()
    return entry


def keep(entry, by, answers):
    entry.withdraw_at, entry.scheduled_by, entry.reason_en, entry.reason_es = None, None, "", ""
    entry.save()
    return entry


def discard(entry, by, answers):
    main = entry.revises
    entry.delete()
    return main


def refuse_past(moment: datetime | None):
    if moment is None or moment <= timezone.now():
        raise ValidationError({"moment": _("Choose a moment that is still to come.")})


STEPS = {
    step.code: step
    for step in (
        Step("submit", gettext_lazy("Submit for review"), gettext_lazy("“%s” is in review now."),
             BEING_WRITTEN, "write", to(IN_REVIEW), ("note", "assigned_to", "due_on"), is_checked=True),
        Step("approve", gettext_lazy("Approve"), gettext_lazy("“%s” is approved."),
             {IN_REVIEW}, "review", to(APPROVED), is_checked=True, needs_other_eyes=True),
        Step("request_changes", gettext_lazy("Request changes"), gettext_lazy("“%s” goes back for changes."),
             {IN_REVIEW, APPROVED}, "review", to(CHANGES_REQUESTED), ("note", "field_notes", "due_on")),
        Step("take_back", gettext_lazy("Take back to draft"), gettext_lazy("“%s” is a draft again."),
             {IN_REVIEW, APPROVED}, "write", to(DRAFT)),
        Step("assign", gettext_lazy("Hand to somebody"), gettext_lazy("“%s” is handed over."),
             BEFORE_APPROVAL, "review", assign, ("assigned_to", "due_on", "note")),
        Step("publish", gettext_lazy("Publish now"), gettext_lazy("“%s” is public now."),
             {APPROVED}, "publish", publish, is_checked=True),
        Step("schedule", gettext_lazy("Publish at a time"), gettext_lazy("“%s” has its time of publication."),
             {APPROVED}, "publish", schedule, ("moment", "note"), is_checked=True),
        Step("unschedule", gettext_lazy("Take away its time"), gettext_lazy("“%s” has no time set any more."),
             {APPROVED}, "publish", to(APPROVED)),
        Step("publish_unreviewed", gettext_lazy("Publish without review"), gettext_lazy("“%s” is public now."),
             BEFORE_APPROVAL, "override", publish, is_checked=True),
        Step("withdraw", gettext_lazy("Withdraw"), gettext_lazy("“%s” is withdrawn from the public."),
             {PUBLISHED}, "publish", withdraw, ("reason_en", "reason_es", "note")),
        Step("plan_withdrawal", gettext_lazy("Withdraw at a time"), gettext_lazy("“%s” has its time of withdrawal."),
             {PUBLISHED}, "publish", plan_withdrawal, ("moment", "reason_en", "reason_es", "note")),
        Step("keep", gettext_lazy("Do not withdraw"), gettext_lazy("“%s” stays public."),
             {PUBLISHED}, "publish", keep),
        Step("restore", gettext_lazy("Make public again"), gettext_lazy("“%s” is public again."),
             {WITHDRAWN}, "publish", publish, is_checked=True),
        Step("discard", gettext_lazy("Discard the working copy"), gettext_lazy("The working copy of “%s” is gone."),
             BEFORE_PUBLICATION, "write", discard, of="copy"),
    )
}  # fmt: skip

OVERRIDES = {"publish_unreviewed"}


def take(
    code: str, entry: Entry, *, by, answers: Answers | None = None, request=None, seen: int | None = None
) -> Entry:
    """Take the entry through a step and write that down; returns the row that remains. `seen` is the version that the
    user looked at.

    Raises PermissionDenied where the user may not, ValidationError where the entry is not ready.
    """
    step, answers = STEPS[code], answers or Answers()
    with writing():
        entry = still_there(entry)
        if reason := refusal(step, entry, by):
            raise PermissionDenied(reason)
        if seen is not None and seen != entry.version:
            raise ValidationError(_("It was changed after you opened this page: look at it again, then decide."))
        return carry_out(step, entry, by, answers, request)


def still_there(entry: Entry) -> Entry:
    """The row as it is now, and ours; a ValidationError where somebody has meanwhile published or discarded it."""
    try:
        return entry.locked()
    except type(entry).DoesNotExist as error:
        raise ValidationError(_("It is gone: somebody published, discarded or deleted it in the meantime.")) from error


def carry_out(step: Step, entry: Entry, by, answers: Answers, request=None, **told) -> Entry:
    """The step itself, for who holds the lock and has asked who may; so does what falls due by itself."""
    if "moment" in step.asks:
        refuse_past(answers.moment)
    if step.is_checked:
        refuse_unfinished(entry, public_on(step, answers))
    overrides = [step.code] if step.code in OVERRIDES or own_eyes(step, entry, by) else []
    last_words = history.record(entry, step.code, by=by, note=answers.note) if step.of == "copy" else None
    row = step.effect(entry, by, answers)
    if last_words is None:
        history.record(row, step.code, by=by, note=answers.note, field_notes=answers.field_notes)
    told |= {"moment": answers.moment, "note": answers.note}
    audit.record(step.code, by=by, subject=row.main, request=request, **told)
    for code in overrides:
        audit.record("override", by=by, subject=row.main, request=request, step=code)
    notices.tell(step.code, row, by=by, note=answers.note)
    return row


def public_on(step: Step, answers: Answers | None = None) -> date:
    """The day on which readers are to meet what takes this step."""
    if step.code in ("submit", "approve"):
        return SOME_DAY
    return timezone.localdate(answers.moment) if answers and answers.moment else timezone.localdate()


def own_eyes(step: Step, entry: Entry, by) -> bool:
    """Whether the user would approve what they wrote on themselves."""
    return step.needs_other_eyes and by.pk in {entry.updated_by_id, *history.writers(entry)}
