"""What machines read on an event's page: OpenGraph, and JSON-LD in the words of schema.org."""

from collections.abc import Iterable

from publications.metadata import agent
from research_hub.editorial.structured import Metadata, institute, open_graph
from research_hub.languages.text import read

from .models import Event, Speaker

STATES = {
    Event.State.SCHEDULED: "EventScheduled",
    Event.State.POSTPONED: "EventPostponed",
    Event.State.CANCELLED: "EventCancelled",
}
MODES = {
    Event.Format.IN_PERSON: "OfflineEventAttendanceMode",
    Event.Format.ONLINE: "OnlineEventAttendanceMode",
    Event.Format.HYBRID: "MixedEventAttendanceMode",
}


def event_metadata(event: Event, speakers: Iterable[Speaker], page: dict) -> Metadata:
    """`page` is the context of the event's page, which has fetched all that is told here."""
    title, summary = read(event, "title"), read(event, "summary").words
    return Metadata(
        properties=open_graph(page, "website", title.words, summary, title.language),
        things=[
            {
                "@type": "Event",
                "@id": page["canonical"],
                "url": page["canonical"],
                "name": title.words,
                "description": summary,
                "startDate": page["when_datetime"],
                "endDate": end_of(event),
                "eventStatus": f"https://schema.org/{STATES[event.state]}",
                "eventAttendanceMode": f"https://schema.org/{MODES[event.format]}",
                "location": locations(event, page),
                "performer": [agent(speaker.author) for speaker in speakers],
                "organizer": institute(),
                "inLanguage": spoken(event),
            },
        ],
    )


def end_of(event: Event) -> str:
    """The last moment with the offset of the place, or the last day where no hours are shown."""
    if not event.ends_at:
        return ""
    if event.all_day:
        return event.local_days()[1].isoformat()
    return event.ends_at.astimezone(event.zone).isoformat(timespec="minutes")


def locations(event: Event, page: dict) -> list[dict]:
    address = {"@type": "PostalAddress", "addressLocality": event.city, "addressCountry": event.country}
    place = {"@type": "Place", "name": read(event, "venue").words or event.city, "address": address}
    online = {"@type": "VirtualLocation", "url": page["join_url"] or page["registration_url"] or page["canonical"]}
    is_there, is_online = event.format != Event.Format.ONLINE, event.format != Event.Format.IN_PERSON
    return [where for where, holds in ((place, is_there and page["where"]), (online, is_online)) if holds]


def spoken(event: Event) -> list[str]:
    return [code for code, is_spoken in (("en", event.in_english), ("es", event.in_spanish)) if is_spoken]
