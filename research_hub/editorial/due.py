"""What falls due by itself: publications and withdrawals that were given a time, and embargoes that end."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import OperationalError, transaction
from django.utils import timezone

from research_hub.activity.kinds import KINDS
from research_hub.activity.sync import touch, writing

from . import audit, history, notices
from .models import Entry
from .workflow import STEPS, Answers, carry_out, to

logger = logging.getLogger(__name__)

LATE = timedelta(minutes=5)
FAILED = "publish_failed"


@dataclass(frozen=True)
class Outcome:
    """What became of something that was due: public or withdrawn, perhaps late, or refused with a reason."""

    code: str
    title: str
    planned: datetime
    late_by: timedelta
    refused: str = ""

    @property
    def is_late(self) -> bool:
        return self.late_by > LATE


def carry_out_due(now: datetime | None = None) -> Iterator[Outcome]:
    """Publish and withdraw what is due, the earliest first, each in a transaction of its own.

    Safe to run from two machines at once: each row is looked at again once it is ours.
    """
    now = now or timezone.now()
    for _moment, code, model, pk in sorted(_due(now), key=lambda found: (found[0], found[3])):
        try:
            outcome = _carry_out(code, model, pk, now)
        except OperationalError:
            raise
        except Exception:  # whatever is wrong with one of them, it keeps no other back
            logger.exception("What was due could not be done: %s of %s %s", code, model._meta.label_lower, pk)
        else:
            if outcome:
                yield outcome
    _end_embargoes(now)


def _due(now: datetime) -> Iterator[tuple]:
    for kind in KINDS.values():
        for code, column, rows in (
            ("publish", "publish_at", kind.model.objects.due(now)),
            ("withdraw", "withdraw_at", kind.model.objects.due_to_withdraw(now)),
        ):
            yield from ((moment, code, kind.model, pk) for moment, pk in rows.values_list(column, "pk"))


def _carry_out(code: str, model, pk: int, now: datetime) -> Outcome | None:
    with writing():
        queryset = model.objects.due(now) if code == "publish" else model.objects.due_to_withdraw(now)
        entry = queryset.select_for_update(of=("self",)).filter(pk=pk).first()
        if entry is None:
            return None  # somebody else was faster, or it was taken back
        planned = entry.publish_at or entry.withdraw_at
        outcome = Outcome(code, str(entry), planned, now - planned)
        try:
            with transaction.atomic():
                _take(code, entry, outcome)
        except ValidationError as error:
            refused = " ".join(error.messages)
            _put_back(model._base_manager.get(pk=pk), refused)
            return Outcome(code, outcome.title, planned, outcome.late_by, refused)
    return outcome


def _take(code: str, entry: Entry, outcome: Outcome) -> None:
    by, answers = entry.scheduled_by, Answers(reason_en=entry.reason_en, reason_es=entry.reason_es)
    late = {"late": str(outcome.late_by)} if outcome.is_late else {}
    row = carry_out(STEPS[code], entry, by, answers, planned=outcome.planned, **late)
    if outcome.is_late:
        notices.tell("missed", row, by=by)


def _put_back(entry: Entry, refused: str) -> None:
    """An entry that cannot be published stays approved, without a time, and says why."""
    by = entry.scheduled_by
    row = to(Entry.Status.APPROVED)(entry, by, Answers())
    history.record(row, FAILED, by=by, note=refused)
    audit.record("unschedule", by="publish_due", subject=row.main, reason=refused)
    notices.tell(FAILED, row, by=by, note=refused)


def _end_embargoes(now: datetime) -> None:
    """Pages that name a file are made anew once it is given out."""
    with writing():
        ended = [
            kind.model.downloads.rel.related_model.objects.filter(embargo_until__lte=now).update(embargo_until=None)
            for kind in KINDS.values()
        ]
        if any(ended):
            touch([])
