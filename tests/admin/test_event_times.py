"""An event's times are those of its place, whatever zone the server or the editor is in."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from pytest_django.asserts import assertContains

from tests.factories import make_event, make_topic, make_user

from .cast import address, form_at, press

pytestmark = pytest.mark.django_db
MADRID = ZoneInfo("Europe/Madrid")


@pytest.fixture
def event(client):
    client.force_login(make_user("editor"))
    starts_at = datetime(2024, 6, 3, 18, tzinfo=MADRID)
    return make_event(starts_at=starts_at, time_zone="Europe/Madrid", topics=[make_topic()], published=False)


def times(day, hour, day_after=None, hour_after="23:59"):
    return {
        "starts_at_0": day,
        "starts_at_1": hour,
        "ends_at_0": day_after or day,
        "ends_at_1": hour_after,
    }


def errors(page):
    return page.context["adminform"].form.errors


def test_the_form_shows_the_hour_of_the_place(client, event):
    sent = form_at(client, address(event))
    assert (sent["starts_at_0"], sent["starts_at_1"]) == (["2024-06-03"], ["18:00:00"])


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_hour_is_typed_as_the_place_has_it(client, event, language):
    typed = times("2024-12-01", "09:30")
    assert press(client, address(event, language), **typed, time_zone="America/Bogota").status_code == 302
    event.refresh_from_db()
    assert event.starts_at == datetime(2024, 12, 1, 14, 30, tzinfo=UTC)
    assert event.date_lo == date(2024, 12, 1)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    "hour",
    [
        "18:30",
        "18.30",
        "18:30:00",
        "18:30 h",
        "18.30 hrs.",
        "6:30 PM",
        "6:30pm",
        "06:30 p. m.",
        "6.30 P.M.",
        "6:30\xa0p.\xa0m.",
    ],
)
def test_an_hour_is_written_as_people_write_it(client, event, language, hour):
    assert press(client, address(event, language), **times("2024-06-05", hour)).status_code == 302
    event.refresh_from_db()
    assert event.starts_at == datetime(2024, 6, 5, 18, 30, tzinfo=MADRID)


@pytest.mark.parametrize(("typed", "hour"), [("12 am", 0), ("12:00 a. m.", 0), ("12 pm", 12), ("1 PM", 13), ("9 h", 9)])
def test_midnight_and_noon_are_twelve(client, event, typed, hour):
    press(client, address(event), **times("2024-06-05", typed))
    event.refresh_from_db()
    assert event.starts_at == datetime(2024, 6, 5, hour, tzinfo=MADRID)


@pytest.mark.parametrize("hour", ["6", "13:30 PM", "0:30 am", "18:75", "noon", "6:30 xm", "1830"])
def test_what_could_be_another_hour_or_none_is_refused(client, event, hour):
    before = event.starts_at
    page = press(client, address(event), **times("2024-06-05", hour))
    assert errors(page) == {"starts_at": ["Enter a valid time."]}
    event.refresh_from_db()
    assert event.starts_at == before


def test_another_zone_keeps_the_hour_on_the_clock(client, event):
    press(client, address(event), time_zone="America/Bogota")
    event.refresh_from_db()
    assert event.starts_at == datetime(2024, 6, 3, 23, tzinfo=UTC)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("day", "hour"),
    [
        ("2024-03-31", "02:30"),  # the clocks go forward
        ("2024-10-27", "02:30"),  # they go back
        ("9999-12-31", "23:30"),
        ("0001-01-01", "00:00"),
        ("2024-02-30", "10:00"),
        ("2024-02-20", "25:00"),
        ("", "10:00"),
    ],
)
def test_an_hour_that_is_not_there_or_comes_twice_is_refused_at_its_field_only(client, event, language, day, hour):
    before = event.starts_at
    page = press(client, address(event, language), **times(day, hour, "2024-11-30"))
    assert page.status_code == 200
    assert list(errors(page)) == ["starts_at"]
    assert len(errors(page)["starts_at"]) == 1
    event.refresh_from_db()
    assert event.starts_at == before


def test_a_new_event_hears_of_its_hour_and_not_of_what_follows_from_it(client, event):
    typed = times("2024-03-31", "02:30") | {"time_zone": "Europe/Madrid", "title_en": "A Talk"}
    page = press(client, address(event, view="add"), **typed)
    assert [(name, len(said)) for name, said in errors(page).items()] == [("starts_at", 1)]


def test_the_same_hours_are_accepted_where_the_clocks_stand_still(client, event):
    typed = times("2024-03-31", "02:30")
    assert press(client, address(event), **typed, time_zone="America/Bogota").status_code == 302


def test_a_zone_that_does_not_exist_is_refused_and_nothing_else(client, event):
    page = press(client, address(event), time_zone="Europe/Atlantis")
    assert list(errors(page)) == ["time_zone"]


def test_zones_are_suggested_and_the_two_inputs_have_names(client, event):
    page = client.get(address(event))
    assertContains(page, '<option value="Europe/Madrid">')
    assertContains(page, 'list="zones"')
    # The start, the end, and the embargo of a download yet to be added.
    assertContains(page, 'aria-label="Date"', count=3)
    assertContains(page, 'aria-label="Time"', count=3)


def test_an_end_without_a_start_and_an_end_before_it_are_refused(client, event):
    page = press(client, address(event), starts_at_0="", starts_at_1="")
    assert "starts_at" in errors(page)
    page = press(client, address(event), **times("2024-06-03", "18:00", "2024-06-02"))
    assert page.status_code == 200


def test_an_old_event_without_hours_has_a_typed_date_and_one_with_hours_has_not(client, event):
    old = make_event(starts_at=None, topics=[make_topic("Land", "Tierra")], published=False)
    assert press(client, address(old), date="1998").status_code == 302
    old.refresh_from_db()
    assert old.date.iso() == "1998"

    press(client, address(event), date="1998")
    event.refresh_from_db()
    assert event.date.iso() == "2024-06-03"
