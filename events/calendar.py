"""Events as iCalendar: any list of them, and each by itself."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

import icalendar
from django.conf import settings
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import normalize_newlines
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from icalendar import Conference

from research_hub.activity.caching import since_midnight
from research_hub.activity.dates import Precision
from research_hub.activity.filters import ActivityFilter
from research_hub.activity.kinds import KINDS
from research_hub.activity.models import Activity
from research_hub.activity.twins import Twin, beside, register_twin
from research_hub.editorial.views import EntryDetail
from research_hub.languages.addresses import absolute
from research_hub.languages.text import Text, current, read

from .models import Event, EventTopic
from .places import countries_of, where

MOST_EVENTS = 1_000
MIME = "text/calendar"
OWN_FILE = "event.ics"
STATUSES = {
    Event.State.SCHEDULED: "CONFIRMED",
    Event.State.POSTPONED: "TENTATIVE",
    Event.State.CANCELLED: "CANCELLED",
}
NOT_IN_TEXT = dict.fromkeys(set(range(32)) - {9, 10} | {127})


class EventCalendar(Twin):
    """The newest events of a list, those to come included."""

    clock = staticmethod(since_midnight)  # where to join online is told until the day is over
    file, mime, label = "events.ics", MIME, _("Calendar")
    about = _("The events, in your calendar: with their hours, in their time zones.")

    @classmethod
    def suits(cls, page):
        return cls.has_events(page.filter) and page.count_if(kind=KINDS["event"].code) > 0

    @staticmethod
    def has_events(asked: ActivityFilter) -> bool:
        """Whether it does not ask for another kind."""
        return asked.canonical.get("kind", "event") == "event"

    def respond(self):
        keys = self.keys(0, MOST_EVENTS, kind=KINDS["event"].code) if self.has_events(self.filter) else []
        pks = Activity.objects.filter(sort_key__in=keys).values("object_id")
        events = in_calendars().filter(pk__in=pks).newest_first()
        return as_file(calendar(events, name=self.title, url=self.page_url, source=absolute(self.path)), self.file)


register_twin(EventCalendar)


class EventFile(EntryDetail):
    """One event, to be put into a calendar."""

    clock = staticmethod(since_midnight)
    model = Event

    def get_queryset(self):
        return in_calendars()

    def find(self):
        super().find()
        if not has_day(self.object):
            raise Http404

    def get_redirect(self):
        target = super().get_redirect()
        return target and beside(target, OWN_FILE)

    def get_context_data(self, **kwargs):
        return {"url": absolute(self.object.get_absolute_url())}

    def render_to_response(self, context, **kwargs):
        slug = self.object.slug_in(current())
        return as_file(calendar([self.object], **context), f"{slug}.ics")


def file_url(event) -> str:
    """Where the file of an event is; "" for what is not public, as in a preview, and for what has no day."""
    return beside(event.get_absolute_url(), OWN_FILE) if event.is_published and has_day(event) else ""


def in_calendars():
    topics = EventTopic.objects.in_order().select_related("topic")
    return Event.objects.published().prefetch_related(Prefetch("event_topics", topics))


def has_day(event) -> bool:
    """Whether it can stand in a calendar, which knows no month without days."""
    return event.date.precision == Precision.DAY


def as_file(calendar: icalendar.Calendar, name: str) -> HttpResponse:
    return HttpResponse(
        calendar.to_ical(),
        content_type=f"{MIME}; charset=utf-8",
        headers={"Content-Disposition": content_disposition_header(False, name), "X-Robots-Tag": "noindex"},
    )


def calendar(events: Iterable[Event], *, url: str, name="", source="") -> icalendar.Calendar:
    """With a name and a source it is one to subscribe to; without, events to be put into another."""
    events = [event for event in events if has_day(event)]
    countries = countries_of(events)
    made = icalendar.Calendar.new(
        prodid=f"-//{settings.SITE_NAME[current()]}//Research Hub//{current().upper()}",
        name=plain(name) or None,
        uid=url,
        url=url,
        source=source or None,
    )
    for zone in zones_of(events) if events else [icalendar.Timezone.from_tzid(settings.TIME_ZONE)]:
        made.add_component(zone)  # without any component it would not be a calendar
    for event in events:
        made.add_component(in_calendar(event, where(event, countries)))
    return made


def in_calendar(event, place: str) -> icalendar.Event:
    start, end = span(event)
    title, summary = read(event, "title"), read(event, "summary")
    url, way_in = absolute(event.get_absolute_url()), event.way_in(since_midnight())
    made = icalendar.Event.new(
        uid=f"{event.uid}@{urlsplit(settings.SITE_URL).hostname}",
        sequence=event.version,
        stamp=event.updated_at,
        last_modified=event.updated_at,
        start=start,
        end=end,
        status=STATUSES[event.state],
        location=plain(place) or None,
        categories=[plain(read(row.topic, "name").words) for row in event.event_topics.all()],
        url=url,
        conferences=[Conference(way_in, "VIDEO", gettext("Join online"), current())] if way_in else [],
    )
    # Of the programs that people have, few show a conference; all show a description.
    joining = gettext("Join online: {address}").format(address=way_in) if way_in else ""
    described = "\n\n".join(part for part in (str(summary), joining, url) if part)
    add_text(made, "SUMMARY", title)
    add_text(made, "DESCRIPTION", Text(described, summary.language, summary.page))
    return made


def span(event):
    """From when until when: moments of its zone, or days of which the last is the first on which it is over."""
    if event.all_day or not event.starts_at:
        return event.date_lo, event.date_hi + timedelta(days=1)
    start, end = event.starts_at.astimezone(event.zone), event.ends_at.astimezone(event.zone)
    return start, end if end > start else None


def add_text(component: icalendar.Event, name: str, text: Text) -> None:
    component.add(name, plain(text.words), parameters={"LANGUAGE": text.language})


def plain(text: str) -> str:
    """Without the control characters that no calendar may hold."""
    return normalize_newlines(text).translate(NOT_IN_TEXT)


def zones_of(events: Sequence[Event]) -> list[icalendar.Timezone]:
    """The rules of the zones that these events name, for the years in which they take place."""
    starts = [event.starts_at for event in events if event.starts_at and not event.all_day]
    if not starts:
        return []
    years = min(starts).year - 1, max(starts).year + 2
    named = {event.time_zone for event in events if event.starts_at and not event.all_day}
    return [zone_between(name, *years) for name in sorted(named - {"UTC"})]


@lru_cache
def zone_between(name: str, first: int, last: int) -> icalendar.Timezone:
    return icalendar.Timezone.from_tzid(name, first_date=date(first, 1, 1), last_date=date(last, 12, 31))
