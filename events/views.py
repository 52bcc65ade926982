from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from publications.models import Author
from publications.views import person
from research_hub.activity.caching import since_this_minute
from research_hub.activity.cards import cards_in
from research_hub.activity.kinds import KINDS
from research_hub.activity.models import EVERYTHING, Activity
from research_hub.activity.selection import upcoming_keys
from research_hub.activity.views import ListOnPage
from research_hub.languages.text import current
from research_hub.languages.views import BilingualPage
from research_hub.translation.views import TranslatedEntryDetail

from .calendar import file_url
from .metadata import event_metadata
from .models import Event, Speaker
from .places import countries_of, where
from .times import print_when

ANNOUNCED = 20


class EventList(ListOnPage, BilingualPage):
    template_name = "events/event_list.html"
    url_name = "event_list"
    name = _("Events")
    list_heading = _("All events")

    @property
    def fixed(self):
        return {"kind": KINDS["event"].code}

    def get_further_keys(self):
        today = timezone.localdate()
        self.upcoming = upcoming_keys(EVERYTHING, KINDS["event"].code, today, ANNOUNCED)
        return self.upcoming

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {"upcoming": self.page.cards_of(self.upcoming)}


class EventDetail(TranslatedEntryDetail):
    model = Event
    above = EventList
    clock = staticmethod(since_this_minute)  # an event may end at any

    def get_context_data(self, **kwargs):
        event = self.object
        is_open = event.is_open()
        context = super().get_context_data(
            when=print_when(event, current()),
            when_datetime=when_datetime(event),
            until_datetime=until_datetime(event),
            where=where(event, countries_of([event])),
            calendar_url=file_url(event) if is_open else "",
            state=self.state(),
            registration_url=event.registration_url if is_open else "",
            join_url=event.way_in(),
            speakers=[person(row.author, row, hidden=row.Role.SPEAKER) for row in self.speakers],
            launches=self.launches,
            facts=self.facts(),
            **kwargs,
        )
        return context | {"metadata": event_metadata(event, self.speakers, context)}

    @cached_property
    def speakers(self) -> list[Speaker]:
        return list(self.object.speakers.in_order().select_related("author"))

    @property
    def people(self) -> list[Author]:
        return [row.author for row in self.speakers]

    def cards_apart(self):
        return self.launches

    def state(self) -> dict:
        """Where it stands by the clock; of what does not take place as planned, only that."""
        event = self.object
        phase = None if event.state_name() else event.phase()
        return {"label": event.state_name() or (phase.label if phase else ""), "kind": phase or event.state}

    @cached_property
    def launches(self) -> list[dict]:
        launched = Activity.objects.filter(uid__in=self.object.publications.published().values("uid"))
        return cards_in(launched.order_by("-sort_key"), current())

    def facts(self) -> list[dict]:
        event = self.object
        spoken = [(event.in_english, _("English")), (event.in_spanish, _("Spanish"))]
        languages = ", ".join(str(name) for is_spoken, name in spoken if is_spoken)
        facts = [
            {"label": _("Format"), "value": event.get_format_display()},
            {"label": _("Languages"), "value": languages},
        ]
        return [fact for fact in facts if fact["value"]]


def until_datetime(event) -> str:
    """Its end, where hours are shown that a reader may want in their own zone."""
    has_hours = event.starts_at and not event.all_day
    return event.ends_at.astimezone(event.zone).isoformat(timespec="minutes") if has_hours else ""


def when_datetime(event) -> str:
    """The start as HTML's <time> takes it: a day, or a moment with its offset."""
    if not event.starts_at or event.all_day:
        return event.date.iso().partition("/")[0]
    return event.starts_at.astimezone(event.zone).isoformat(timespec="minutes")
