"""My desk: what waits for somebody, what they wait for, what is to come and what was left lying."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain, groupby
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.functional import Promise, cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from research_hub.languages.text import Text, read

from .history import Revision
from .moments import by_which_clock, in_words
from .workflow import APPROVED, BEING_WRITTEN, CHANGES_REQUESTED, DRAFT, IN_REVIEW, PUBLISHED, has_right

MOST = 20  # rows of a list
AHEAD = timedelta(weeks=4)
LOOKED_BACK = timedelta(days=14)
UNTOUCHED = timedelta(days=60)
PLANS = ["publish_at", "withdraw_at"]  # of which an entry has one at a time
TEXTS = ["summary", "summary_en", "summary_es", "body", "body_en", "body_es"]  # long, and not shown here


@dataclass(frozen=True)
class Row:
    """An entry on the desk, and what is to be said of it there."""

    entry: Any
    words: list[str]
    alarm: str = ""
    link: str = ""

    @property
    def title(self) -> Text:
        return read(self.entry, "title")

    @property
    def kind(self) -> str:
        return capfirst(self.entry._meta.verbose_name)

    @property
    def url(self) -> str:
        name = f"admin:{self.entry._meta.app_label}_{self.entry._meta.model_name}_change"
        return self.link or reverse(name, args=[self.entry.pk])


@dataclass(frozen=True)
class Group:
    """Rows under one heading; `more` leads to the lists that have those which found no room."""

    title: str | Promise
    rows: list[Row]
    more: list[dict] = field(default_factory=list)


@dataclass(frozen=True)
class Section:
    code: str
    title: str | Promise
    nothing: str | Promise
    groups: list[Group]
    help: str = ""
    link: dict | None = None

    @property
    def filled(self) -> list[Group]:
        return [group for group in self.groups if group.rows]


@dataclass(frozen=True)
class Order:
    """The same order for a database and for what comes from two of its tables."""

    columns: tuple
    key: Callable


BY_DUE = Order(
    (F("due_on").asc(nulls_last=True), "updated_at", "pk"), lambda row: (row.due_on or date.max, row.updated_at, row.pk)
)
OLDEST = Order(("updated_at", "pk"), lambda row: (row.updated_at, row.pk))
NEWEST = Order(("-updated_at", "-pk"), lambda row: (-row.updated_at.timestamp(), -row.pk))
BY_TIME = Order(("planned_at", "pk"), lambda row: (row.planned_at, row.pk))


# What other floors put on the desk of a user.
OTHERS: list[Callable[[Any], list[Section]]] = []


class Desk:
    """What concerns the user now, of the entries of these kinds, which they may open."""

    def __init__(self, user, models: list):
        self.user, self.models = user, models
        self.now, self.today = timezone.now(), timezone.localdate()

    @cached_property
    def sections(self) -> list[Section]:
        """Those that the user's roles have to do with; no more queries for more entries."""
        changes, publishes = self.with_right("change"), self.with_right("publish")
        shown = [
            (changes, self.waits_for_me),
            (changes, self.i_wait_for),
            (publishes, self.missed),
            (self.models, self.scheduled),
            (changes, self.stale),
            (changes, self.my_drafts),
        ]
        own = [section() for models, section in shown if models]
        return [*own, *(section for sections in OTHERS for section in sections(self.user))]

    def with_right(self, right: str) -> list:
        return [model for model in self.models if has_right(self.user, right, model)]

    # The sections

    def waits_for_me(self) -> Section:
        groups = [
            self.group(_("To review"), map(self.to_review, self.with_right("review")), BY_DUE, IN_REVIEW),
            self.group(_("To change"), map(self.to_change, self.with_right("change")), BY_DUE, CHANGES_REQUESTED),
            self.group(_("To publish"), map(self.to_publish, self.with_right("publish")), BY_DUE, APPROVED),
        ]
        return Section("for-me", _("Waits for me"), _("Nothing waits for you."), groups)

    def to_review(self, model):
        """What is nobody else's; what the user changed last, somebody else must approve."""
        found = rows_of(model).filter(Q(assigned_to=None) | Q(assigned_to=self.user), status=IN_REVIEW)
        return found if has_right(self.user, "override", model) else found.exclude(updated_by=self.user)

    def to_change(self, model):
        handed = Q(assigned_to=self.user, status=DRAFT)
        return rows_of(model).filter(handed | Q(self.own(model) | Q(assigned_to=self.user), status=CHANGES_REQUESTED))

    def to_publish(self, model):
        return rows_of(model).filter(status=APPROVED, publish_at=None)

    def i_wait_for(self) -> Section:
        found = [self.mine(model, [IN_REVIEW, APPROVED]) for model in self.with_right("change")]
        group = self.group("", found, OLDEST, IN_REVIEW, say=self.where_it_stands)
        return Section("i-wait-for", _("I wait for"), _("Nothing of yours is with somebody else."), [group])

    def scheduled(self) -> Section:
        """A calendar: a group for each day on which something happens."""
        found = [planned(model, gt=self.now, lt=self.now + AHEAD) for model in self.models]
        rows, more = self.fetch(found, BY_TIME, "scheduled", self.at_its_hour)
        days = groupby(rows, lambda row: timezone.localdate(row.entry.planned_at))
        groups = [Group(capfirst(day_name(day)), list(of_day)) for day, of_day in days]
        if more:
            groups[-1] = Group(groups[-1].title, groups[-1].rows, more)
        nothing = _("Nothing is planned for the next four weeks.")
        return Section("scheduled", _("The next four weeks"), nothing, groups, by_which_clock())

    def missed(self) -> Section:
        publishes = self.with_right("publish")
        failed = self.failed(publishes)
        told = [row.entry.uid for row in failed]  # once is enough
        late = [planned(model, lte=self.now).exclude(uid__in=told) for model in publishes]
        groups = [
            Group(_("Could not be published"), failed),
            self.group(_("Its time has passed"), late, BY_TIME, "scheduled", say=self.when_it_was_planned),
        ]
        return Section("missed", _("Missed its time"), _("Nothing missed its time."), groups)

    def stale(self) -> Section:
        before = self.now - UNTOUCHED
        found = []
        for model in self.with_right("change"):
            reviews = has_right(self.user, "review", model)
            drafts = rows_of(model).filter(status__in=BEING_WRITTEN) if reviews else self.mine(model, BEING_WRITTEN)
            found.append(drafts.filter(updated_at__lt=before))
        group = self.group("", found, OLDEST, DRAFT, say=self.where_it_stands)
        nothing = _("No draft has been untouched for so long.")
        return Section("stale", _("Untouched for 60 days"), nothing, [group])

    def my_drafts(self) -> Section:
        found = [self.mine(model, [DRAFT]) for model in self.with_right("change")]
        group = self.group("", found, NEWEST, DRAFT)
        return Section("drafts", _("My drafts"), _("You have no drafts."), [group])

    # Whose

    def own(self, model) -> Q:
        """Made by the user, or with them in the byline: of a working copy, in that of what it revises."""
        made = Q(revises=None, created_by=self.user) | Q(revises__created_by=self.user)
        author = getattr(self.user, "author", None)
        if author is None:
            return made
        people = next(relation for relation in model._meta.many_to_many if relation.related_model is type(author))
        signed = people.remote_field.through._base_manager.filter(**{people.m2m_reverse_field_name(): author.pk})
        keys = signed.values(people.m2m_field_name())
        return made | Q(revises=None, pk__in=keys) | Q(revises__in=keys)

    def mine(self, model, statuses: Iterable[str]):
        """Also what the user changed last."""
        return rows_of(model).filter(self.own(model) | Q(updated_by=self.user), status__in=statuses)

    # Rows

    def group(self, title, found: Iterable, order: Order, state: str, say=None) -> Group:
        rows, more = self.fetch(found, order, state, say or self.who_changed_it)
        return Group(title, rows, more)

    def fetch(self, found: Iterable, order: Order, state: str, say: Callable) -> tuple[list[Row], list[dict]]:
        """The first rows of all the querysets together, and where the rest is listed."""
        entries = [entry for rows in found for entry in rows.order_by(*order.columns)[: MOST + 1]]
        shown = sorted(entries, key=order.key)[:MOST]
        rows = [Row(entry, say(entry), self.overdue(entry)) for entry in shown]
        models = dict.fromkeys(type(entry) for entry in entries) if len(entries) > MOST else []
        return rows, [rest_of(model, state) for model in models]

    def failed(self, models: list) -> list[Row]:
        """What was to be published, could not be, and neither is public since nor has a new time."""
        tried = Revision.objects.filter(step="publish_failed", made_at__gte=self.now - LOOKED_BACK)
        last = {}
        for revision in tried.defer("snapshot").order_by("-made_at", "-pk")[: 10 * MOST]:
            last.setdefault(revision.uid, revision)
        found = [rows_of(model).select_related("working_copy").filter(uid__in=last) for model in models]
        mains = sorted(chain.from_iterable(found), key=lambda main: last[main.uid].made_at, reverse=True)
        failing = [main for main in mains if still_fails(main, last[main.uid], self.now)]
        return [Row(main.written_on, self.why_it_failed(last[main.uid])) for main in failing[:MOST]]

    # What is said of them

    def overdue(self, entry) -> str:
        return due_words(entry.due_on, self.today) if entry.due_on and entry.due_on < self.today else ""

    def who_changed_it(self, entry) -> list[str]:
        due = due_words(entry.due_on, self.today) if entry.due_on and entry.due_on >= self.today else ""
        given = _("for you") if entry.assigned_to_id == self.user.pk and entry.status == IN_REVIEW else ""
        return [word for word in (due, given, changed(entry)) if word]

    def where_it_stands(self, entry) -> list[str]:
        state = entry.get_status_display()
        if entry.publish_at:
            state = _("Scheduled for %s") % in_words(entry.publish_at)
        held = _("with %(who)s") % {"who": entry.assigned_to} if entry.assigned_to and entry.status == IN_REVIEW else ""
        return [word for word in (state, held, changed(entry)) if word]

    def at_its_hour(self, entry) -> list[str]:
        hour = in_words(entry.planned_at, "TIME_FORMAT")
        what = _("publication at %s") if entry.publish_at else _("withdrawal at %s")
        return [what % hour, _("set by %s") % entry.scheduled_by]

    def when_it_was_planned(self, entry) -> list[str]:
        what = _("was to be published on %s") if entry.publish_at else _("was to be withdrawn on %s")
        return [what % in_words(entry.planned_at), _("set by %s") % entry.scheduled_by]

    def why_it_failed(self, revision) -> list[str]:
        return [in_words(revision.made_at), *filter(None, [revision.note])]


def rows_of(model):
    return model.objects.select_related("updated_by", "assigned_to", "scheduled_by").defer(*TEXTS)


def planned(model, **when):
    """What has a moment of publication or of withdrawal, its `planned_at`, that lies within these bounds."""
    publication, withdrawal = ({f"{at}__{bound}": moment for bound, moment in when.items()} for at in PLANS)
    found = Q(status=APPROVED, **publication) | Q(status=PUBLISHED, **withdrawal)
    return rows_of(model).filter(found).annotate(planned_at=Coalesce(*PLANS))


def still_fails(main, revision, now) -> bool:
    row = main.written_on
    is_public_since = main.published_at and main.published_at > revision.made_at
    has_new_time = row.publish_at and row.publish_at > now
    return not (row.has_been_public or is_public_since or has_new_time)


def rest_of(model, state: str) -> dict:
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return {"url": f"{url}?state={state}", "label": _("More %(things)s") % {"things": model._meta.verbose_name_plural}}


def due_words(day: date, today: date) -> str:
    days = (day - today).days
    if days == 0:
        return _("due today")
    if days > 0:
        return ngettext("due in %(n)s day", "due in %(n)s days", days) % {"n": days}
    return ngettext("%(n)s day overdue", "%(n)s days overdue", -days) % {"n": -days}


def changed(entry) -> str:
    day = in_words(entry.updated_at, "DATE_FORMAT")
    if entry.updated_by is None:
        return _("changed on %(day)s") % {"day": day}
    return _("changed on %(day)s by %(who)s") % {"day": day, "who": entry.updated_by}


def day_name(day: date) -> str:
    return f"{formats.date_format(day, 'l')}, {formats.date_format(day, 'DATE_FORMAT')}"
