from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publications.views import person
from research_hub.activity.caching import since_this_minute
from research_hub.activity.cards import cards_in
from research_hub.activity.kinds import KINDS
from research_hub.activity.models import EVERYTHING, Activity
from research_hub.activity.selection import upcoming_keys
from research_hub.activity.views import ListOnPage
from research_hub.editorial.views import EntryDetail
from research_hub.languages.text import current, read
from research_hub.languages.views import BilingualPage
from topics.models import Region

from .models import Event
from .times import print_when

ANNOUNCED = 20


class EventList(ListOnPage, BilingualPage):
    template_name = "events/event_list.html"
    url_name = "event_list"
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


class EventDetail(EntryDetail):
    model = Event
    clock = staticmethod(since_this_minute)  # an event may end at any

    def get_context_data(self, **kwargs):
        event = self.object
        return super().get_context_data(
            when=print_when(event, current()),
            when_datetime=when_datetime(event),
            where=where(event),
            state={"label": event.state_name(), "kind": event.state},
            registration_url=event.registration_url if event.is_open() else "",
            speakers=[
                person(row.author, row, hidden=row.Role.SPEAKER)
                for row in event.speakers.in_order().select_related("author")
            ],
            launches=self.launches(),
            facts=self.facts(),
            **kwargs,
        )

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


def when_datetime(event) -> str:
    """The start as HTML's <time> takes it: a day, or a moment with its offset."""
    if not event.starts_at or event.all_day:
        return event.date.iso().partition("/")[0]
    return event.starts_at.astimezone(event.zone).isoformat(timespec="minutes")


def where(event) -> str:
    return ", ".join(part for part in (read(event, "venue").words, event.city, country(event.country)) if part)


def country(code: str) -> str:
    """The country's name, where it is one of the site's regions; else its code."""
    region = Region.objects.filter(code=code).first() if code else None
    return read(region, "name").words if region else code
