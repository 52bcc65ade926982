"""Narrowing a topic's list by date: what is typed, what is said, and the address it leads to."""

from datetime import date

import pytest

from tests.factories import make_event, make_publication, make_topic, on
from tests.pages import notes, rows, soup, titles, words

pytestmark = pytest.mark.django_db

BAD_DATES = [
    "13/45/2024",
    "31/31/2024",
    "<script>",
    "0000",
    "9" * 10_000,
    "\0",
    "12/31/9999",
    "06/03/24",
    "'; --",
    "٢٠٢٤x",
]


@pytest.fixture
def topic():
    return make_topic()


@pytest.mark.parametrize(("language", "canonical"), [("en", "?from=2024-06-03"), ("es", "?from=2024-03-06")])
def test_a_typed_date_leads_to_the_address_that_means_the_same_to_everyone(client, topic, language, canonical):
    path = topic.get_absolute_url(language)
    response = client.get(path, {"from": "06/03/2024"})
    assert response.status_code == 301
    assert response["Location"] == path + canonical


def test_wordings_of_a_month_lead_to_one_address(client, topic):
    path = topic.get_absolute_url()
    for wording in ("02/2017", "feb 2017", "February 2017", "2/2017"):
        assert client.get(path, {"from": wording})["Location"] == f"{path}?from=2017-02"


def test_empty_and_unknown_words_leave_the_address(client, topic):
    path = topic.get_absolute_url()
    assert client.get(path, {"from": "", "to": "", "kind": ""})["Location"] == path
    assert client.get(path, {"utm_source": "letter"}).status_code == 200


@pytest.mark.parametrize("bad", BAD_DATES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_bad_date_is_explained_at_its_field_and_the_rest_still_applies(client, topic, bad, language):
    make_publication("Kept", date="2017-03-01", topics=[topic])
    make_publication("Later", date="2019-03-01", topics=[topic])
    make_event("Other kind", topics=[topic])
    page = client.get(topic.get_absolute_url(language), {"from": bad, "to": "2018", "kind": "publication"})
    assert page.status_code == 200
    assert titles(page) == ["Kept"]
    field = soup(page).select_one("#filter-from")
    assert field["aria-invalid"] == "true"
    assert words(soup(page).select_one("#error-from"))
    assert {"en": "“From” could not be applied", "es": "«Desde»"}[language] in notes(page)


def test_what_was_typed_wrong_stays_in_the_field(client, topic):
    page = client.get(topic.get_absolute_url(), {"from": '13/45/2024"><b>'})
    assert soup(page).select_one("#filter-from")["value"] == '13/45/2024"><b>'


def test_a_date_with_the_wrong_format_is_explained_and_filters_nothing(client, topic):
    make_publication("Kept", topics=[topic])
    page = client.get(topic.get_absolute_url(), {"from": "31/31/2024"})
    assert "E.g., 06/03/2024" in words(soup(page).select_one("#filter-hint"))
    assert titles(page) == ["Kept"]


def test_the_hint_is_the_same_day_in_both_languages_and_never_today(client, topic):
    hints = [
        words(soup(client.get(topic.get_absolute_url(language))).select_one("#filter-hint"))
        for language in ("en", "es")
    ]
    assert hints[0].startswith("E.g., 06/03/2024")
    assert hints[1].startswith("P. ej., 03/06/2024")


def test_dates_in_the_wrong_order_are_swapped_and_it_is_said(client, topic):
    make_publication("Within", date="2018-05-01", topics=[topic])
    make_publication("Outside", date="2021-05-01", topics=[topic])
    page = client.get(topic.get_absolute_url(), {"from": "2019", "to": "2017"})
    assert titles(page) == ["Within"]
    assert "swapped" in notes(page)


def test_the_last_bound_includes_its_whole_period(client, topic):
    make_publication("In December", date="2017-12-31", topics=[topic])
    make_publication("New Year", date="2018-01-01", topics=[topic])
    assert titles(client.get(topic.get_absolute_url(), {"to": "2017"})) == ["In December"]


def test_an_event_of_several_days_is_found_by_each_of_them(client, topic):
    make_event("Over New Year", starts_at=on(date(2017, 12, 30)), hours=72, topics=[topic])
    for day in ("2017-12-30", "2017-12-31", "2018-01-01", "2018-01-02"):
        assert titles(client.get(topic.get_absolute_url(), {"from": day, "to": day})) == ["Over New Year"]
    for day in ("2017-12-29", "2018-01-03"):
        assert titles(client.get(topic.get_absolute_url(), {"from": day, "to": day})) == []


def test_the_form_shows_the_date_as_the_reader_would_type_it(client, topic):
    for language, shown in (("en", "06/03/2024"), ("es", "03/06/2024")):
        page = client.get(topic.get_absolute_url(language), {"from": "2024-06-03"})
        assert soup(page).select_one("#filter-from")["value"] == shown


def test_when_nothing_is_found_the_nearest_years_are_offered(client, topic):
    make_publication("Before", date="2015", topics=[topic])
    make_publication("After", date="2019", topics=[topic])
    page = client.get(topic.get_absolute_url(), {"from": "2016", "to": "2017"})
    links = [words(link) for link in soup(page).select("#activity .empty a")]
    assert links == ["1 in 2015", "1 in 2019", "Show everything"]


def test_the_language_switch_keeps_the_filter(client, topic):
    make_publication("Kept", topics=[topic])
    page = client.get(topic.get_absolute_url(), {"from": "2017-08"})
    assert soup(page).select_one("#switch a")["href"] == topic.get_absolute_url("es") + "?from=2017-08"


def test_a_filtered_list_says_what_it_counts(client, topic):
    make_publication("One", topics=[topic])
    make_event("Two", topics=[topic])
    make_event("", title_es="Tres", summary_es="Sobre tres.", source_language="es", topics=[topic])
    page = client.get(topic.get_absolute_url(), {"kind": "event"})
    assert len(rows(page)) == 2
    options = [words(option) for option in soup(page).select("#filter-kind option")]
    assert options == ["All", "Publications (1)", "Events (2)"]
    options = [words(option) for option in soup(page).select("#filter-language option")]
    assert options == ["All", "English (1)", "Spanish (1)"]
