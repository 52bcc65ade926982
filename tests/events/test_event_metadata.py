"""What machines read in the head of an event's page."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from tests.factories import make_author, make_event, make_user
from tests.pages import soup
from tests.publications.test_metadata import page, tags, things

pytestmark = pytest.mark.django_db

MEXICO = ZoneInfo("America/Mexico_City")
EVENING = datetime(2017, 8, 31, 18, tzinfo=MEXICO)


def told(client, event, language="en"):
    return things(page(client, event, language))["Event"]


def mexican(title="A Seminar", **fields):
    return make_event(title, starts_at=EVENING, time_zone=MEXICO.key, **fields)


def test_its_hours_are_those_of_the_place_with_their_offset(client):
    event = told(client, mexican())
    assert (event["startDate"], event["endDate"]) == ("2017-08-31T18:00-05:00", "2017-08-31T20:00-05:00")


def test_of_whole_days_the_first_and_the_last_are_told(client):
    start = datetime(2018, 10, 4, tzinfo=MEXICO)
    event = told(client, make_event(starts_at=start, hours=48, all_day=True, time_zone=MEXICO.key))
    assert (event["startDate"], event["endDate"]) == ("2018-10-04", "2018-10-05")


def test_what_has_no_hour_yet_says_none(client):
    event = told(client, make_event(starts_at=None, is_undated=True))
    assert "startDate" not in event and "endDate" not in event


@pytest.mark.parametrize(
    ("state", "status"),
    [("scheduled", "EventScheduled"), ("postponed", "EventPostponed"), ("cancelled", "EventCancelled")],
)
def test_whether_it_takes_place_is_told(client, state, status):
    event = told(client, mexican(state=state))
    assert event["eventStatus"] == f"https://schema.org/{status}"
    assert event["startDate"] == "2017-08-31T18:00-05:00"


@pytest.mark.parametrize(
    ("format", "mode", "places"),
    [
        ("in_person", "Offline", ["Place"]),
        ("online", "Online", ["VirtualLocation"]),
        ("hybrid", "Mixed", ["Place", "VirtualLocation"]),
    ],
)
def test_where_it_takes_place_is_told_as_it_is_held(client, format, mode, places):
    event = told(client, mexican(format=format, venue_en="Hall", city="Puebla", country="MX"))
    assert event["eventAttendanceMode"] == f"https://schema.org/{mode}EventAttendanceMode"
    assert [place["@type"] for place in event["location"]] == places


def test_a_place_has_its_name_in_the_language_of_the_page_and_its_address(client):
    event = mexican(title_es="Un seminario", venue_en="Hall", venue_es="Sala", city="Puebla", country="MX")
    for language, name in (("en", "Hall"), ("es", "Sala")):
        (place,) = told(client, event, language)["location"]
        assert place["name"] == name
        assert place["address"] == {"@type": "PostalAddress", "addressLocality": "Puebla", "addressCountry": "MX"}


def test_who_attends_online_goes_where_one_registers_while_one_can(client):
    fields = {"format": "online", "registration_url": "https://register.example.org/1"}
    (place,) = told(client, make_event("Soon", starts_at=timezone.now() + timedelta(days=2), **fields))["location"]
    assert place == {"@type": "VirtualLocation", "url": "https://register.example.org/1"}
    (place,) = told(client, make_event("Over", **fields))["location"]
    assert place == {"@type": "VirtualLocation", "url": "https://hub.example/events/over/"}


def test_a_place_that_is_not_known_is_not_made_up(client):
    assert "location" not in told(client, mexican())


def test_speakers_stand_in_order_and_the_institute_organises(client):
    speakers = [make_author("Zoe Ward"), make_author("Water Council", kind="organisation")]
    event = told(client, mexican(speakers=speakers))
    assert [(who["@type"], who["name"]) for who in event["performer"]] == [
        ("Person", "Zoe Ward"),
        ("Organization", "Water Council"),
    ]
    assert event["organizer"]["name"] == "Research Hub"


def test_the_languages_are_those_that_are_spoken_there(client):
    assert told(client, mexican("One", in_english=True, in_spanish=True))["inLanguage"] == ["en", "es"]
    assert told(client, mexican("Two", in_spanish=True))["inLanguage"] == ["es"]
    assert "inLanguage" not in told(client, mexican("Three"))


def test_each_page_tells_it_in_its_language(client):
    event = mexican(title_es="Un seminario", summary_es="De qué trata.")
    for language, url, title, summary, locale in (
        ("en", "https://hub.example/events/a-seminar/", "A Seminar", "What A Seminar is about.", "en_US"),
        ("es", "https://hub.example/es/eventos/un-seminario/", "Un seminario", "De qué trata.", "es_MX"),
    ):
        shown = told(client, event, language)
        assert (shown["@id"], shown["name"], shown["description"]) == (url, title, summary)
        shared = dict(tags(page(client, event, language), "og:"))
        assert (shared["og:url"], shared["og:title"], shared["og:description"]) == (url, title, summary)
        assert shared["og:locale"] == locale


def test_what_exists_in_one_language_is_told_at_its_own_address(client):
    event = make_event("", title_es="Un seminario", summary_es="De qué trata.", source_language="es")
    assert told(client, event)["@id"] == "https://hub.example/es/eventos/un-seminario/"
    shared = tags(page(client, event), "og:")
    assert ("og:locale", "es_MX") in shared
    assert "og:locale:alternate" not in dict(shared)


def test_the_way_from_home_leads_by_the_events(client):
    steps = things(page(client, mexican(title_es="Un seminario"), "es"))["BreadcrumbList"]["itemListElement"]
    assert [(step["name"], step["item"]) for step in steps] == [
        ("Inicio", "https://hub.example/es/"),
        ("Eventos", "https://hub.example/es/eventos/"),
        ("Un seminario", "https://hub.example/es/eventos/un-seminario/"),
    ]


def test_no_text_ends_the_script(client):
    evil = "</script><script>alert(1)</script>"
    response = client.get(mexican(evil, venue_en=evil, city=evil, speakers=[make_author(evil)]).get_absolute_url())
    assert "<script>alert" not in response.content.decode()
    assert things(soup(response))["Event"]["name"] == evil


def test_what_is_not_public_tells_machines_nothing(client):
    event = mexican("Xyzzy", slug_en="one")
    event.withdraw(by=make_user())
    response = client.get(event.get_absolute_url())
    assert response.status_code == 410
    assert b"ld+json" not in response.content and b"xyzzy" not in response.content.lower()


def test_speakers_cost_no_query_each(client, django_assert_num_queries):
    event = mexican(speakers=[make_author(f"Person {number}") for number in range(9)])
    with django_assert_num_queries(12):
        client.get(event.get_absolute_url())
