"""An event's page: when and where, in its own zone, and what became of it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from tests.factories import make_author, make_event, make_publication, make_region, make_topic, make_user
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

MEXICO = ZoneInfo("America/Mexico_City")


def mexican(**fields):
    return make_event(starts_at=datetime(2017, 8, 31, 18, tzinfo=MEXICO), time_zone=MEXICO.key, **fields)


def when(client, event, language="en"):
    return words(soup(client.get(event.get_absolute_url(language))).select_one(".facts dd"))


def test_the_hours_are_those_of_the_place(client):
    event = mexican()
    assert when(client, event) == "August 31, 2017, 6:00–8:00 PM (CDT, UTC−5, Mexico City)"
    assert when(client, event, "es") == "31 de agosto de 2017, 18:00–20:00 h (CDT, UTC−5, Ciudad de México)"


def test_hours_across_noon_say_both_halves(client):
    event = make_event(starts_at=datetime(2017, 8, 31, 11, tzinfo=MEXICO), time_zone=MEXICO.key)
    assert when(client, event) == "August 31, 2017, 11:00 AM–1:00 PM (CDT, UTC−5, Mexico City)"


def test_an_event_over_two_days_says_both(client):
    assert when(client, mexican(hours=20)).startswith("August 31, 2017, 6:00 PM – September 1, 2017, 2:00 PM")


def test_an_all_day_event_has_no_hours(client):
    start = datetime(2018, 10, 4, tzinfo=MEXICO)
    event = make_event(starts_at=start, hours=48, all_day=True, time_zone=MEXICO.key)
    assert when(client, event) == "October 4–5, 2018"


def test_the_day_is_the_day_of_the_place_and_not_of_the_server(client):
    event = make_event(starts_at=datetime(2017, 8, 31, 23, tzinfo=MEXICO), hours=0.5, time_zone=MEXICO.key)
    page = client.get("/events/", {"from": "2017-08-31", "to": "2017-08-31"})
    assert event.title_en in page.content.decode()
    assert event.title_en not in client.get("/events/", {"from": "2017-09-01"}).content.decode()


def test_the_country_is_named_where_the_site_knows_it(client):
    make_region("Mexico", "México", code="MX")
    event = mexican(city="Puebla", country="MX")
    assert "Puebla, México" in client.get(event.get_absolute_url("es")).content.decode()


@pytest.mark.parametrize(
    ("country", "english", "spanish"),
    [
        ("US", "Boston, United States", "Boston, Estados Unidos"),
        ("GB", "Boston, United Kingdom", "Boston, Reino Unido"),
        ("QX", "Boston, QX", "Boston, QX"),  # nobody's
    ],
)
def test_a_country_that_is_no_region_of_the_site_is_named_all_the_same(client, country, english, spanish):
    event = mexican(city="Boston", country=country)
    for language, where in (("en", english), ("es", spanish)):
        page = soup(client.get(event.get_absolute_url(language)))
        assert where in [words(fact) for fact in page.select(".notice dd")]


def test_what_was_postponed_or_cancelled_stays_and_says_so(client):
    for state, word in (("postponed", "Pospuesto"), ("cancelled", "Cancelado")):
        event = make_event(f"An event {state}", state=state)
        assert word in words(soup(client.get(event.get_absolute_url("es"))).select_one(".state"))
        assert word in client.get("/es/eventos/").content.decode()


def test_nobody_registers_for_what_does_not_take_place(client):
    soon, url = timezone.now() + timedelta(days=2), "https://register.example.org/1"
    for state in ("postponed", "cancelled"):
        event = make_event(f"Not {state}", starts_at=soon, registration_url=url, state=state)
        assert url not in client.get(event.get_absolute_url()).content.decode()


def test_registration_is_offered_until_it_is_over(client):
    soon = timezone.now() + timedelta(days=2)
    url = "https://register.example.org/1"
    assert (
        url in client.get(make_event("Soon", starts_at=soon, registration_url=url).get_absolute_url()).content.decode()
    )
    assert url not in client.get(make_event("Over", registration_url=url).get_absolute_url()).content.decode()


def test_speakers_stand_in_order_and_published_launches_only(client):
    people = [make_author("Zoe Ward"), make_author("Abel Ruiz")]
    event = mexican(speakers=people)
    report, draft = make_publication("Launched report"), make_publication("Hidden draft", published=False)
    event.publications.set([report, draft])
    page = client.get(event.get_absolute_url())
    names = [words(person) for person in soup(page).select(".people a")]
    assert names == ["Zoe Ward", "Abel Ruiz"]
    assert "Launched report" in page.content.decode()
    assert "Hidden draft" not in page.content.decode()


def test_upcoming_events_stand_on_the_topic_page_soonest_first(client):
    topic = make_topic()
    for days in (30, 3, 10):
        make_event(f"In {days} days", starts_at=timezone.now() + timedelta(days=days), topics=[topic])
    page = client.get(topic.get_absolute_url())
    upcoming = soup(page).select("section[aria-labelledby=upcoming] .entry a")
    assert [words(link) for link in upcoming] == ["In 3 days", "In 10 days", "In 30 days"]


def test_a_withdrawn_event_is_gone(client):
    event = mexican()
    event.withdraw(by=make_user())
    assert client.get(event.get_absolute_url()).status_code == 410
