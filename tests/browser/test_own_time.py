"""An event's hours in the reader's own zone, in a real browser."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from research_hub.activity.dates import read_iso
from tests.factories import make_event, publish

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

MEXICO, MADRID = ZoneInfo("America/Mexico_City"), ZoneInfo("Europe/Madrid")


@pytest.fixture
def own_time(browser, site):
    """What the row of the reader's own time says, to one who lives in a zone; "" where it is not shown."""
    contexts = []

    def read(event, zone, language="en"):
        contexts.append(browser.new_context(timezone_id=zone))
        page = contexts[-1].new_page()
        page.goto(site + event.get_absolute_url(language))
        row = page.locator(".own-time")
        if row.count() == 0 or row.is_hidden():
            return ""
        expect(page.locator("#status")).to_be_empty()
        return " ".join(row.locator("dd").inner_text().split())

    yield read
    for context in contexts:
        context.close()


def at(zone, *moment, hours=2, **fields):
    return make_event(starts_at=datetime(*moment, tzinfo=zone), hours=hours, time_zone=zone.key, **fields)


def test_who_lives_elsewhere_reads_their_own_hours_in_the_language_of_the_page(own_time):
    event = at(MEXICO, 2026, 3, 10, 18, title_es="Una charla")  # Madrid has not yet put its clocks forward
    assert own_time(event, "Europe/Madrid") == "March 11, 2026, 1:00 – 3:00 AM GMT+1"
    assert own_time(event, "Europe/Madrid", "es") == "11 de marzo de 2026, 1:00–3:00 CET"
    summer = at(MEXICO, 2026, 7, 10, 18)
    assert own_time(summer, "Europe/Madrid").startswith("July 11, 2026, 2:00")


@pytest.mark.parametrize("zone", ["America/Mexico_City", "America/Monterrey", "America/Guatemala"])
def test_who_has_the_same_hour_on_the_clock_is_told_so(own_time, zone):
    event = at(MEXICO, 2026, 3, 10, 18, title_es="Una charla")
    assert own_time(event, zone) == "The same hour"
    assert own_time(event, zone, "es") == "La misma hora"


def test_the_hour_that_comes_twice_is_the_first_or_the_second(own_time):
    first = datetime(2026, 10, 25, 2, 30, tzinfo=MADRID).astimezone(UTC)
    event = make_event(starts_at=first, hours=1, time_zone=MADRID.key)  # from 2:30 to 2:30 on that night's clocks
    assert own_time(event, "UTC") == "October 25, 2026, 12:30 – 1:30 AM UTC"
    second = make_event(starts_at=first + timedelta(hours=1), hours=1, time_zone=MADRID.key)
    assert own_time(second, "UTC") == "October 25, 2026, 1:30 – 2:30 AM UTC"


def test_days_without_hours_are_not_converted(own_time):
    assert own_time(at(MEXICO, 2026, 3, 10, all_day=True, hours=23), "Asia/Tokyo") == ""
    event = make_event(starts_at=None, published=False)
    event.date = read_iso("2026-03")
    assert own_time(publish(event), "Asia/Tokyo") == ""
