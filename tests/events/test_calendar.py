"""Events in the calendars of others: any list of them, and each by itself."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.utils import timezone
from icalendar.parser import Contentline

from research_hub.activity.dates import read_iso
from research_hub.editorial.versions import snapshot
from tests.factories import make_event, make_publication, make_region, make_topic, make_user, publish
from tests.pages import soup

pytestmark = pytest.mark.django_db

MEXICO = ZoneInfo("America/Mexico_City")
MOST_QUERIES = 9


def read(response) -> icalendar.Calendar:
    """A calendar as a strict reader takes it; one that is not in order fails."""
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    lines = response.content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in response.content.decode().replace("\r\n ", "").strip().split("\r\n"):
        Contentline(line, strict=True).parts()
    calendar = icalendar.Calendar.from_ical(response.content)
    calendar.validate()
    assert [fault for component in calendar.walk() for fault in component.errors] == []
    assert calendar.get_missing_tzids() == set()
    return calendar


def events(client, path="/events/events.ics", **query) -> dict[str, icalendar.Event]:
    return {str(event["SUMMARY"]): event for event in read(client.get(path, query)).events}


def mexican(title="A seminar", **fields):
    return make_event(title, starts_at=datetime(2017, 8, 31, 18, tzinfo=MEXICO), time_zone=MEXICO.key, **fields)


def test_an_event_stands_at_its_hours_in_its_zone(client):
    mexican(venue="Casa Lamm", city="Mexico City", country="MX", topics=[make_topic("Water, land", "Agua")])
    make_region("Mexico", "México", code="MX")
    event = events(client)["A seminar"]
    assert event.start == datetime(2017, 8, 31, 18, tzinfo=MEXICO)
    assert event.end - event.start == timedelta(hours=2)
    assert event["DTSTART"].params["TZID"] == MEXICO.key
    assert event["LOCATION"] == "Casa Lamm, Mexico City, Mexico"
    assert event.categories == ["Water, land"]
    assert event["URL"] == "https://hub.example/events/a-seminar/"
    assert event["DESCRIPTION"] == "What A seminar is about.\n\nhttps://hub.example/events/a-seminar/"
    spanish = events(client, "/es/eventos/events.ics")["A seminar"]
    assert spanish["LOCATION"] == "Casa Lamm, Mexico City, México"
    assert spanish.categories == ["Agua"]


def test_every_zone_that_is_named_is_explained_for_its_years(client):
    mexican()
    make_event("Early", starts_at=datetime(1964, 3, 1, 9, tzinfo=ZoneInfo("Europe/Madrid")), time_zone="Europe/Madrid")
    make_event("Universal", starts_at=datetime(2040, 1, 1, 9, tzinfo=UTC), time_zone="UTC")
    make_event("Also universal", starts_at=datetime(2040, 1, 1, 9, tzinfo=UTC), time_zone="Etc/UTC")
    calendar = read(client.get("/events/events.ics"))
    assert {"America/Mexico_City", "Europe/Madrid"} <= {zone.tz_name for zone in calendar.timezones}
    for zone in calendar.timezones:
        told = zone.to_tz()
        for moment in (datetime(1964, 3, 1, 9), datetime(2017, 8, 31, 18), datetime(2017, 12, 31, 18)):
            assert told.utcoffset(moment) == ZoneInfo(zone.tz_name).utcoffset(moment), (zone.tz_name, moment)


def test_days_end_on_the_day_after_the_last(client):
    start = datetime(2018, 10, 4, tzinfo=MEXICO)
    make_event("Two days", starts_at=start, hours=48, all_day=True, time_zone=MEXICO.key)
    make_event("Without hours", starts_at=None, date_lo=date(2018, 5, 1), date_hi=date(2018, 5, 1), date_precision=0)
    found = events(client)
    assert (found["Two days"].start, found["Two days"].end) == (date(2018, 10, 4), date(2018, 10, 6))
    assert (found["Without hours"].start, found["Without hours"].end) == (date(2018, 5, 1), date(2018, 5, 2))


def test_a_month_and_no_date_are_no_days(client):
    for title, day in (("A month", "2018-05"), ("A year", "2018"), ("Undated", "")):
        event = make_event(title, starts_at=None, published=False)
        event.date = read_iso(day)
        event.save()
        publish(event)
        assert client.get(event.get_absolute_url() + "event.ics").status_code == 404
        assert soup(client.get(event.get_absolute_url())).select("a[type='text/calendar']") == []
    assert events(client) == {}


def test_an_event_of_one_moment_has_no_end(client):
    mexican(hours=0)
    assert "DTEND" not in events(client)["A seminar"]


JOIN = "https://meet.example/1"


@pytest.mark.parametrize(("path", "words"), [("/events/", "Join online"), ("/es/eventos/", "Conectarse en línea")])
def test_where_to_join_online_is_told_until_the_day_is_over(client, path, words):
    make_event("To come", starts_at=timezone.now() + timedelta(days=2), format="hybrid", join_url=JOIN)
    make_event("Long past", starts_at=datetime(2017, 8, 31, 18, tzinfo=UTC), format="online", join_url=JOIN)
    for title, fields in {"In a room": {"format": "in_person"}, "Cancelled": {"state": "cancelled"}}.items():
        fields = {"format": "online"} | fields
        make_event(title, starts_at=timezone.now() + timedelta(days=2), join_url=JOIN, **fields)
    found = events(client, f"{path}events.ics")
    (way_in,) = found["To come"].conferences
    assert (way_in.uri, way_in.label) == (JOIN, words)
    assert f"\n\n{words}: {JOIN}\n\n" in found["To come"]["DESCRIPTION"]
    for title in ("Long past", "In a room", "Cancelled"):
        assert found[title].conferences == []
        assert JOIN not in found[title].to_ical().decode()


@pytest.mark.parametrize(
    ("state", "status"), [("scheduled", "CONFIRMED"), ("postponed", "TENTATIVE"), ("cancelled", "CANCELLED")]
)
def test_what_became_of_an_event_is_told(client, state, status):
    mexican(state=state)
    assert events(client)["A seminar"]["STATUS"] == status


def test_a_change_keeps_the_name_and_counts_on(client):
    event = mexican(title_es="Un seminario")
    before, spanish = events(client)["A seminar"], events(client, "/es/eventos/events.ics")["Un seminario"]
    written = snapshot(event)
    written["fields"] |= {"state": "cancelled"}
    event.work_on(written, by=make_user("editor")).publish(by=make_user())
    after = events(client)["A seminar"]
    assert before["UID"] == spanish["UID"] == after["UID"] == f"{event.uid}@hub.example"
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    assert after["STATUS"] == "CANCELLED"
    assert after["LAST-MODIFIED"].dt >= before["LAST-MODIFIED"].dt


def test_words_in_the_other_language_say_so(client):
    mexican("", title_es="Sólo español", summary_es="Uno.", source_language="es")
    event = events(client)["Sólo español"]
    assert event["SUMMARY"].params["LANGUAGE"] == event["DESCRIPTION"].params["LANGUAGE"] == "es"


def test_control_characters_and_long_lines_break_no_calendar(client):
    make_event("Tide\x0b; and, time\\" + " ñandú" * 40, summary_en="One.\r\nTwo.\x01")
    ((title, event),) = events(client).items()
    assert title == "Tide; and, time\\" + " ñandú" * 40
    assert event["DESCRIPTION"].startswith("One.\nTwo.\n\nhttps://")


def test_any_list_is_a_calendar_with_its_filter(client):
    water = make_topic()
    mexican("Of water", topics=[water])
    mexican("Of nothing")
    make_publication("No event", topics=[water])
    make_event("Later", starts_at=datetime(2019, 1, 5, tzinfo=UTC), topics=[water])
    calendar = read(client.get("/topics/water/events.ics", {"to": "2018"}))
    assert [str(event["SUMMARY"]) for event in calendar.events] == ["Of water"]
    assert calendar.calendar_name == "Water (To: 2018) – Research Hub"
    assert set(events(client, "/topics/water/events.ics")) == {"Of water", "Later"}
    assert set(events(client, "/search/events.ics", q="nothing")) == {"Of nothing"}
    assert events(client, "/topics/water/events.ics", kind="publication") == {}


def test_a_calendar_costs_the_same_whatever_it_holds(client, django_assert_num_queries):
    spent = []
    for batch in (2, 8):
        for n in range(batch):
            topics = [make_topic(f"Topic {batch} {n} {m}") for m in range(2)]
            mexican(f"Number {batch} {n}", topics=topics, country="MX")
        with django_assert_num_queries(MOST_QUERIES, exact=False) as queries:
            assert events(client)
        spent.append(len(queries))
    assert spent[0] == spent[1]


# One event


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_events_page_leads_to_its_own_file(client, language):
    event = make_event("A seminar", title_es="Un seminario", starts_at=timezone.now() + timedelta(days=9))
    mexican("Another")
    (link,) = soup(client.get(event.get_absolute_url(language))).select("a[type='text/calendar']")
    response = client.get(link["href"])
    calendar = read(response)
    (found,) = calendar.events
    title, name = {"en": ("A seminar", "a-seminar"), "es": ("Un seminario", "un-seminario")}[language]
    assert (found["SUMMARY"], found["UID"]) == (title, f"{event.uid}@hub.example")
    assert response["Content-Disposition"] == f'inline; filename="{name}.ics"'
    assert calendar.calendar_name is None  # else an app makes a calendar of its own for it


def test_what_is_over_or_does_not_take_place_is_offered_to_no_calendar(client):
    soon = timezone.now() + timedelta(days=9)
    for event in (mexican("Over"), make_event("Cancelled", starts_at=soon, state="cancelled")):
        assert soup(client.get(event.get_absolute_url())).select("a[type='text/calendar']") == []
        assert read(client.get(event.get_absolute_url() + "event.ics")).events  # whoever has it learns of the change


def test_the_file_of_an_event_is_kept_and_told_unchanged(client, django_assert_num_queries):
    path = mexican().get_absolute_url() + "event.ics"
    first = client.get(path)
    with django_assert_num_queries(1):
        assert client.get(path).content == first.content
    with django_assert_num_queries(1):
        assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_a_slug_of_the_other_language_leads_to_this_ones_file(client):
    mexican(title_es="Un seminario")
    found = client.get("/events/un-seminario/event.ics")
    assert (found.status_code, found["Location"]) == (301, "/events/a-seminar/event.ics")


def test_an_event_that_is_not_public_has_no_file(client):
    draft = mexican("A draft", published=False)
    assert client.get(draft.get_absolute_url() + "event.ics").status_code == 404
    assert client.get("/events/never-was/event.ics").status_code == 404
    gone = mexican("Gone")
    gone.withdraw(by=make_user())
    assert client.get(gone.get_absolute_url() + "event.ics").status_code == 410
    assert events(client) == {}
