"""What an event's page says by the clock: upcoming, under way, past; and until when one may register or join."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from research_hub.activity.dates import read_iso
from tests.factories import make_event, publish
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

MEXICO, MADRID = ZoneInfo("America/Mexico_City"), ZoneInfo("Europe/Madrid")
START = datetime(2026, 6, 3, 18, tzinfo=MEXICO)


def told(client, event, language="en"):
    return words(soup(client.get(event.get_absolute_url(language))).select_one("header .state"))


def evening(**fields):
    return make_event(**{"starts_at": START, "time_zone": MEXICO.key, "title_es": "Una charla"} | fields)


@pytest.mark.parametrize(
    ("after", "english", "spanish"),
    [
        (timedelta(seconds=-1), "Upcoming event", "Próximo evento"),
        (timedelta(0), "Under way now", "En curso"),
        (timedelta(hours=2), "Under way now", "En curso"),
        (timedelta(hours=2, seconds=1), "Past event", "Evento pasado"),
    ],
)
def test_the_page_says_where_it_stands_from_its_first_to_its_last_moment(client, time_machine, after, english, spanish):
    event = evening()
    time_machine.move_to(START + after, tick=False)
    assert (told(client, event), told(client, event, "es")) == (english, spanish)


def test_a_page_that_was_kept_changes_with_the_minute(client, time_machine):
    event = evening()
    time_machine.move_to(START - timedelta(minutes=1), tick=False)
    assert told(client, event) == "Upcoming event"
    time_machine.move_to(START, tick=False)
    assert told(client, event) == "Under way now"


def test_a_whole_day_begins_and_ends_by_the_clocks_of_its_place(client, time_machine):
    start = datetime(2026, 6, 3, tzinfo=MEXICO)
    event = evening(starts_at=start, hours=23, all_day=True)
    for moment, said in (
        (datetime(2026, 6, 3, 5, 59, tzinfo=UTC), "Upcoming event"),
        (datetime(2026, 6, 3, 6, tzinfo=UTC), "Under way now"),
        (datetime(2026, 6, 4, 5, 59, tzinfo=UTC), "Under way now"),
        (datetime(2026, 6, 4, 6, tzinfo=UTC), "Past event"),
    ):
        time_machine.move_to(moment, tick=False)
        assert told(client, event) == said


@pytest.mark.parametrize(
    ("date", "said"),
    [
        ("2026-06-03", "Under way now"),
        ("2026-07", "Upcoming event"),
        ("2026-05", "Past event"),
        ("2026-06", ""),
        ("2026", ""),
    ],
)
def test_of_an_event_without_hours_only_what_is_certain_is_said(client, time_machine, date, said):
    event = make_event(starts_at=None, published=False, time_zone=MEXICO.key)
    event.date = read_iso(date)
    publish(event)
    time_machine.move_to(datetime(2026, 6, 3, 18, tzinfo=UTC), tick=False)
    assert told(client, event) == said


@pytest.mark.parametrize(("state", "said"), [("cancelled", "Cancelled"), ("postponed", "Postponed")])
def test_what_does_not_take_place_as_planned_is_neither_upcoming_nor_past(client, time_machine, state, said):
    event = evening(state=state)
    for days in (-1, 1):
        time_machine.move_to(START + timedelta(days=days), tick=False)
        assert told(client, event) == said


def test_the_clock_goes_on_through_the_hour_that_comes_twice(client, time_machine):
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 2:30 there, and an hour later 2:30 again
    event = make_event(starts_at=first, hours=1, time_zone=MADRID.key)
    time_machine.move_to(datetime(2026, 10, 25, 1, 15, tzinfo=UTC), tick=False)
    assert told(client, event) == "Under way now"
    time_machine.move_to(datetime(2026, 10, 25, 1, 31, tzinfo=UTC), tick=False)
    assert told(client, event) == "Past event"


# Joining and registering

JOIN = "https://meet.example.org/1"


@pytest.mark.parametrize(
    ("fields", "is_offered"),
    [
        ({"format": "online"}, True),
        ({"format": "hybrid"}, True),
        ({"format": "in_person"}, False),
        ({"format": "online", "state": "cancelled"}, False),
        ({"format": "online", "state": "postponed"}, False),
    ],
)
def test_who_may_join_online_is_led_there_until_it_is_over(client, time_machine, fields, is_offered):
    event = evening(join_url=JOIN, **fields)
    for after, is_over in ((timedelta(hours=-1), False), (timedelta(hours=1), False), (timedelta(hours=3), True)):
        time_machine.move_to(START + after, tick=False)
        for language, label in (("en", "Join online"), ("es", "Conectarse en línea")):
            links = soup(client.get(event.get_absolute_url(language))).select(f".notice a[href='{JOIN}']")
            assert [words(link) for link in links] == ([label] if is_offered and not is_over else [])


def test_nobody_registers_for_what_was_over_when_only_its_day_is_known(client, time_machine):
    url = "https://register.example.org/1"
    event = make_event(starts_at=None, published=False, registration_url=url)
    event.date = read_iso("2026-06-03")
    publish(event)
    for day, count in ((3, 1), (4, 0)):
        time_machine.move_to(datetime(2026, 6, day, 12, tzinfo=UTC), tick=False)
        assert len(soup(client.get(event.get_absolute_url())).select(f"a[href='{url}']")) == count


# The zone


@pytest.mark.parametrize(
    ("zone", "moment", "hours", "english", "spanish"),
    [
        (MADRID, (2026, 7, 1, 18), 2, "6:00–8:00 PM (CEST, UTC+2, Madrid)", "18:00–20:00 h (CEST, UTC+2, Madrid)"),
        (MADRID, (2026, 1, 7, 18), 2, "6:00–8:00 PM (CET, UTC+1, Madrid)", "18:00–20:00 h (CET, UTC+1, Madrid)"),
        (MEXICO, (2026, 7, 1, 18), 2, "(CST, UTC−6, Mexico City)", "(CST, UTC−6, Ciudad de México)"),
        (ZoneInfo("America/Bogota"), (2026, 7, 1, 18), 2, "(UTC−5, Bogota)", "(UTC−5, Bogotá)"),
        (ZoneInfo("Asia/Kolkata"), (2026, 7, 1, 18), 2, "(IST, UTC+5:30, Kolkata)", "(IST, UTC+5:30, Kolkata)"),
        (ZoneInfo("UTC"), (2026, 7, 1, 18), 2, "6:00–8:00 PM (UTC)", "18:00–20:00 h (UTC)"),
        (
            MADRID,
            (2026, 10, 25, 2, 30),
            1,
            "2:30–2:30 AM (CEST, UTC+2 – CET, UTC+1, Madrid)",
            "02:30–02:30 h (CEST, UTC+2 – CET, UTC+1, Madrid)",
        ),
    ],
)
def test_the_zone_is_named_with_how_far_it_is_from_utc(client, zone, moment, hours, english, spanish):
    starts_at = datetime(*moment, tzinfo=zone).astimezone(UTC)  # so that its hours are those that pass
    event = make_event(starts_at=starts_at, hours=hours, time_zone=zone.key)
    for language, text in (("en", english), ("es", spanish)):
        assert words(soup(client.get(event.get_absolute_url(language))).select_one(".facts dd")).endswith(text)


def test_without_a_script_the_readers_own_zone_is_all_that_is_missing(client):
    page = soup(client.get(evening().get_absolute_url()))
    time, row = page.select_one("time[data-zone]"), page.select_one(".own-time")
    assert (time["datetime"], time["data-until"]) == ("2026-06-03T18:00-06:00", "2026-06-03T20:00-06:00")
    assert row.has_attr("hidden") and words(row.dd) == "The same hour"  # which the script replaces where it is not
    whole = soup(client.get(evening(all_day=True).get_absolute_url()))
    assert not whole.select(".own-time") and not whole.select("script[src*=own-time]")
