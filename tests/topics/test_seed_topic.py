"""The page this product replaces: its 13 items make one list that tells the truth."""

import pytest

from tests.pages import count_text, notes, rows, soup, titles
from tests.seed import load_seed

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic(shared_data):
    return load_seed(shared_data)[0]


def test_there_is_one_list_newest_first_with_the_undated_last(client, topic):
    page = client.get(topic.get_absolute_url())
    dates = [row.date for row in rows(page)]
    assert dates[:5] == [
        "August 31, 2017",
        "February 2017",
        "January 27, 2017",
        "January 2017",
        "October 27, 2016",
    ]
    assert dates[5:] == ["Undated"] * 8
    assert len(soup(page).select("#activity")) == 1
    assert count_text(page) == "13 entries"


def test_every_row_has_title_type_date_and_a_link_that_leads_somewhere(client, topic):
    for row in rows(client.get(topic.get_absolute_url())):
        assert row.title and row.type and row.date
        assert client.get(row.url).status_code == 200


def test_the_recordings_of_the_book_discussion_are_marked(client, topic):
    assert rows(client.get(topic.get_absolute_url()))[4].media == ("Video", "Audio")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"from": "2017-01-15", "to": "2017-01-31"}, 2),
        ({"from": "2017-02-10"}, 2),
        ({"from": "2017", "to": "2017"}, 4),
        ({"from": "2016-10-27", "to": "2016-10-27"}, 1),
        ({"to": "2016"}, 1),
        ({"from": "2018"}, 0),
    ],
)
@pytest.mark.parametrize("language", ["en", "es"])
def test_dates_select_by_overlap_and_say_how_many_undated_are_left_out(client, topic, query, found, language):
    page = client.get(topic.get_absolute_url(language), query)
    assert page.status_code == 200
    assert len(rows(page)) == found
    left_out = {"en": "8 undated entries are left out.", "es": "8 entradas sin fecha"}[language]
    assert left_out in notes(page)


def test_the_undated_can_be_had_with_the_dated(client, topic):
    page = client.get(topic.get_absolute_url(), {"from": "2017", "to": "2017", "undated": "1"})
    assert len(rows(page)) == 4 + 8
    assert "left out" not in notes(page)


def test_each_canonical_address_gives_the_same_items_in_both_languages(client, topic):
    for query in ({}, {"from": "2017"}, {"from": "2017-02", "to": "2017-08"}, {"kind": "event"}):
        english, spanish = (client.get(topic.get_absolute_url(language), query) for language in ("en", "es"))
        assert titles(english) == titles(spanish) != []


def test_the_spanish_event_is_marked_in_the_english_list_and_not_in_the_spanish_one(client, topic):
    english = rows(client.get(topic.get_absolute_url()))[0]
    spanish = rows(client.get(topic.get_absolute_url("es")))[0]
    assert (english.lang, english.badge) == ("es", "In Spanish")
    assert (spanish.lang, spanish.badge) == ("", "")
