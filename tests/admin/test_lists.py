import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pytest_django.asserts import assertContains

from tests.factories import make_author, make_event, make_publication, make_region, make_series, make_topic, make_user

from .cast import address

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def publisher(client):
    client.force_login(make_user("publisher"))


def titles(page):
    return [entry.title_en or entry.title_es for entry in page.context["cl"].result_list]


def listed(client, record, language="en", **query):
    page = client.get(address(record, language, "changelist"), query)
    assert page.status_code == 200
    return page


def queries(client, record):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        listed(client, record)
    return len(seen)


@pytest.mark.parametrize("make", [make_publication, make_event])
def test_a_longer_list_takes_no_more_queries(client, make):
    first = make("One", topics=[make_topic()], regions=[make_region()])
    listed(client, first)  # whatever is remembered between requests
    short = queries(client, first)
    for number in range(5):
        make(f"Number {number}", topics=[make_topic(f"T{number}", f"T{number}es")])
    assert queries(client, first) == short


def test_the_newest_comes_first_and_the_undated_last(client):
    for title, date in [("Undated", ""), ("Month", "2017-08"), ("Day", "2017-08-31"), ("Old", "1999")]:
        entry = make_publication(title, date=date)
    assert titles(listed(client, entry)) == ["Day", "Month", "Old", "Undated"]


def test_a_row_shows_its_date_as_precise_as_it_is_known_in_the_readers_language(client):
    entry = make_publication(date="2017-08")
    assertContains(listed(client, entry), "August 2017")
    assertContains(listed(client, entry, "es"), "agosto de 2017")


def test_a_title_that_is_not_in_the_readers_language_says_so(client):
    entry = make_publication(title="", title_es="Un informe", summary_es="Resumen", source_language="es")
    assertContains(listed(client, entry), '<span lang="es">Un informe</span>', html=True)
    with translation.override("en"):
        assertContains(listed(client, entry), '<small class="badge">In Spanish</small>', html=True)


@pytest.mark.parametrize(("language", "order"), [("en", ["Apples", "Zebras"]), ("es", ["Zebras", "Apples"])])
def test_titles_are_sorted_in_the_language_they_are_shown_in(client, language, order):
    make_publication("Apples", title_es="Manzanas")
    entry = make_publication("Zebras", title_es="Cebras")
    assert titles(listed(client, entry, language, o="1")) == order


@pytest.mark.parametrize("words", ["Zebras", "cebras"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_words_of_either_title_find_an_entry_from_either_language(client, language, words):
    make_publication("Apples")
    entry = make_publication("Zebras", title_es="Cebras")
    assert titles(listed(client, entry, language, q=words)) == ["Zebras"]


def test_a_list_is_narrowed_by_topic_status_and_year(client):
    water, land = make_topic(), make_topic("Land", "Tierra")
    make_publication("On land", topics=[land], date="2017")
    entry = make_publication("On water", topics=[water, land], date="2018")
    make_publication("Draft", topics=[water], published=False)
    assert titles(listed(client, entry, topics__id__exact=water.pk, status__exact="published")) == ["On water"]
    assert titles(listed(client, entry, date_lo__year=2017)) == ["Draft", "On land"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_records_are_found_by_the_name_of_either_language_where_they_are_chosen(client, language):
    topic, series, author = make_topic(), make_series(), make_author(variants=["A. García Luna"])
    prefix = "/es" if language == "es" else ""
    for model, field, words, record in [
        ("publicationtopic", "topic", "agua", topic),
        ("publicationtopic", "topic", "water", topic),
        ("publication", "series", "field", series),
        ("authorship", "author", "Luna", author),
    ]:
        query = {"app_label": "publications", "model_name": model, "field_name": field, "term": words}
        found = client.get(f"{prefix}/admin/autocomplete/", query).json()["results"]
        assert [int(row["id"]) for row in found] == [record.pk], words
