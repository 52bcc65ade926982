"""How the institute's work stands, asked of the database whenever a monitor looks."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from django.db import Error, connection
from django.db.models import Count, Min, Sum
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from research_hub.activity.kinds import KINDS
from research_hub.editorial.models import Entry
from research_hub.editorial.notices import Notice
from research_hub.translation.progress import finished
from research_hub.translation.tasks import Task

from .models import Heartbeat

Row = tuple[tuple[str, ...], float]  # the values of the labels, and the figure


class Figures(Collector):
    """Of the whole site, so the same from whichever process or machine they are read."""

    def describe(self):
        return []  # else they would be asked for at once

    def collect(self):
        up = gauge("database_up", "Whether the database answers.")
        try:
            found = list(chain(entries(), schedule(), translations(), notices()))
        except Error:
            connection.close()
            up.add_metric([], 0)
            return [up]
        up.add_metric([], 1)
        return [up, *found]


def gauge(name: str, words: str, labels: tuple[str, ...] = (), rows: list[Row] | None = None) -> GaugeMetricFamily:
    made = GaugeMetricFamily(f"research_hub_{name}", words, labels=labels)
    for values, figure in rows or []:
        made.add_metric(values, figure)
    return made


def age(oldest: datetime | None) -> float:
    """In seconds; nothing is 0 old."""
    return max(0.0, (timezone.now() - oldest).total_seconds()) if oldest else 0.0


def entries() -> Iterator[GaugeMetricFamily]:
    by_status, in_review = [], []
    for name, kind in KINDS.items():
        rows = kind.model._base_manager.values_list("status").annotate(Count("pk"), Min("updated_at")).order_by()
        found = {status: (n, oldest) for status, n, oldest in rows}
        by_status += [((name, status), found.get(status, (0, None))[0]) for status in Entry.Status.values]
        in_review.append(((name,), age(found.get(Entry.Status.IN_REVIEW, (0, None))[1])))
    yield gauge("entries", "Entries and working copies, by where they stand.", ("kind", "status"), by_status)
    yield gauge("review_oldest_seconds", "Since what lies in review longest was changed.", ("kind",), in_review)


def schedule() -> Iterator[GaugeMetricFamily]:
    now, planned, late = timezone.now(), [], []
    for name, kind in KINDS.items():
        rows = kind.model._base_manager
        ahead = rows.filter(publish_at__gt=now), rows.filter(withdraw_at__gt=now)
        behind = kind.model.objects.due(now), kind.model.objects.due_to_withdraw(now)
        for what, column, coming, overdue in zip(
            ("publish", "withdraw"), ("publish_at", "withdraw_at"), ahead, behind, strict=True
        ):
            told = overdue.aggregate(n=Count("pk"), oldest=Min(column))
            planned.append(((name, what), coming.count()))
            late.append(((name, what), told["n"], age(told["oldest"])))
    labels = ("kind", "what")
    yield gauge("scheduled", "Entries whose moment is still to come.", labels, planned)
    yield gauge("overdue", "Entries whose moment has passed.", labels, [(key, n) for key, n, _age in late])
    yield gauge("overdue_oldest_seconds", "By how much, at most.", labels, [(key, old) for key, _n, old in late])
    runs = [((beat.name,), beat.at.timestamp()) for beat in Heartbeat.objects.order_by("name")]
    yield gauge("last_run_timestamp_seconds", "When a regular job last ran to its end.", ("job",), runs)


def translations() -> Iterator[GaugeMetricFamily]:
    rows = (
        finished().values_list("language", "state").annotate(Sum("units"), Sum("words")).order_by("language", "state")
    )
    found = list(rows)
    labels = ("language", "state")
    texts = [((language, state), units) for language, state, units, _words in found]
    words = [((language, state), words) for language, state, _units, words in found]
    yield gauge("translation_texts", "Texts of finished originals, by the language they are owed in.", labels, texts)
    yield gauge("translation_words", "The words of those originals.", labels, words)
    overdue = Task.objects.overdue(timezone.localdate())
    told = overdue.aggregate(n=Count("pk"), words=Sum("words_left"))
    yield gauge("translations_overdue", "Entries whose translation was owed by a day gone by.", rows=[((), told["n"])])
    yield gauge("translations_overdue_words", "What is left of them.", rows=[((), told["words"] or 0)])


def notices() -> Iterator[GaugeMetricFamily]:
    waiting = Notice.objects.waiting().for_each().aggregate(n=Count("pk"), oldest=Min("made_at"))
    yield gauge("notices_waiting", "Messages that could not be sent yet.", rows=[((), waiting["n"])])
    yield gauge("notices_oldest_seconds", "How long the oldest has waited.", rows=[((), age(waiting["oldest"]))])
