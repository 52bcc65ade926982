"""What else there is to read: the editors' choice, then what shares the most topics and people."""

from datetime import timedelta

import pytest
from django.utils import timezone

from research_hub.editorial.preview import preview
from research_hub.editorial.versions import snapshot
from research_hub.editorial.views import RELATED
from tests.factories import make_author, make_event, make_publication, make_topic, make_user, on
from tests.pages import soup, words

pytestmark = pytest.mark.django_db


def related(client, entry, language="en"):
    page = soup(client.get(entry.get_absolute_url(language)))
    return [words(link) for link in page.select("section[aria-labelledby=related] .entry h3 a")]


@pytest.fixture
def water():
    return make_topic()


@pytest.fixture
def land():
    return make_topic("Land", "Tierra")


@pytest.fixture
def ana():
    return make_author("Ana García")


def test_what_shares_more_topics_and_people_comes_first_then_the_newer(client, water, land, ana):
    report = make_publication("Own", topics=[water, land], authors=[ana])
    make_publication("Of water, new", topics=[water], date="2024")
    make_publication("Of water, old", topics=[water], date="2001")
    make_publication("Of both", topics=[land, water], date="2002")
    make_publication("Of both, by her", topics=[water, land], authors=[ana], date="2003")
    make_publication("Of nothing", topics=[make_topic("Air", "Aire")], authors=[make_author("Eva")], date="2024")
    assert related(client, report) == ["Of both, by her", "Of both", "Of water, new", "Of water, old"]


def test_those_named_by_editors_stand_before_and_none_twice(client, water):
    report, chosen = make_publication("Own", topics=[water]), make_publication("Chosen", date="1999", topics=[water])
    for number in range(6):
        make_publication(f"Alike {number}", topics=[water], date=f"{2010 + number}")
    report.related.set([chosen])
    assert related(client, report) == ["Chosen", "Alike 5", "Alike 4", "Alike 3"]


def test_all_that_editors_named_stand_there_and_then_nothing_else(client, water):
    report = make_publication("Own", topics=[water])
    make_publication("Alike", topics=[water])
    report.related.set([make_publication(f"Chosen {number}") for number in range(RELATED + 1)])
    assert sorted(related(client, report)) == [f"Chosen {number}" for number in range(RELATED + 1)]


def test_drafts_what_was_withdrawn_and_what_is_to_come_are_never_among_them(client, water, ana):
    report = make_publication("Own", topics=[water], authors=[ana])
    hidden = make_publication("Draft", topics=[water], authors=[ana], published=False)
    gone = make_publication("Gone", topics=[water], authors=[ana])
    gone.withdraw(by=make_user())
    report.related.set([hidden, gone])
    make_event("To come", topics=[water], speakers=[ana], starts_at=timezone.now() + timedelta(days=3))
    make_publication("Kept", topics=[water])
    assert related(client, report) == ["Kept"]


def test_an_event_has_them_by_its_speakers_without_what_it_launches(client, water, ana):
    event = make_event("Own", speakers=[ana], topics=[water])
    launched, other = make_publication("Launched", authors=[ana]), make_publication("By her", authors=[ana])
    event.publications.set([launched])
    make_publication("Of water", topics=[water], date="2020")
    page = soup(client.get(event.get_absolute_url()))
    assert [words(link) for link in page.select("section[aria-labelledby=launches] h3 a")] == ["Launched"]
    assert related(client, event) == ["Of water", other.title_en]
    assert "Own" in related(client, other)


def test_they_are_in_the_language_of_the_page(client, water):
    report = make_publication("Own", title_es="Propio", summary_es="S.", topics=[water])
    make_publication("Rivers", title_es="Ríos", summary_es="S.", topics=[water])
    assert related(client, report, "es") == ["Ríos"]


def test_without_topics_and_people_there_are_none(client):
    make_publication("Elsewhere", topics=[make_topic()])
    assert related(client, make_publication("Own")) == []


def test_a_working_copy_under_preview_is_not_related_to_what_it_revises(client, water):
    report, editor = make_publication("Own", topics=[water]), make_user("editor")
    make_publication("Of water", topics=[water])
    written = snapshot(report)
    written["fields"] |= {"title_en": "Own, renamed", "slug_en": "own-renamed", "date_lo": "2016-01-01"}
    link = preview(report.work_on(written, by=editor), by=editor)
    page = soup(client.get(f"{link.get_absolute_url()}page/"))
    assert words(page.h1) == "Own, renamed"
    assert [words(title) for title in page.select("section[aria-labelledby=related] .entry h3 a")] == ["Of water"]


def test_it_costs_the_same_whatever_shares_its_topics(client, water, land, django_assert_num_queries):
    people = [make_author(f"Person {number}") for number in range(12)]
    report = make_publication("Own", topics=[water, land], authors=people)
    spent = []
    for start in (0, 30):
        for number in range(start, start + 30):
            make_publication(f"P{number}", topics=[water, land], authors=people[:3], date="2010")
        make_event(f"E{start}", topics=[land], speakers=people[:2], starts_at=on(timezone.localdate()))
        with django_assert_num_queries(14, exact=False) as queries:
            client.get(report.get_absolute_url())
        spent.append(len(queries))
    assert spent[0] == spent[1]
