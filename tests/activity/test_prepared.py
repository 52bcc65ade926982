"""Queries that are put into SQL once give what the ORM gives that made them."""

from datetime import date

import pytest
from django.db.models import Prefetch

from events.models import Event
from events.views import SPEAKERS, EventDetail, cards_of_launched
from publications.models import Publication
from publications.views import AUTHORSHIPS, PublicationDetail, chosen_cards
from research_hub.activity.prepared import Prepared
from research_hub.editorial.views import parts_of, published_at
from tests.factories import make_author, make_event, make_image, make_publication, make_region, make_series, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def publication():
    publication = make_publication(
        "Water",
        title_es="Agua",
        date="2017-02",
        series=make_series("Field Notes"),
        number="3",
        cover=make_image(renditions=False),
        topics=[make_topic("Rivers"), make_topic("Lakes")],
        regions=[make_region("Mexico")],
        authors=[make_author("Ana García"), make_author("Luis Ibarra")],
    )
    publication.related.add(make_publication("Ice"), make_publication("Steam"))
    publication.corrections.create(corrected_on=date(2020, 1, 2), note_en="Figure 2 was redrawn.")
    publication.media.create(kind="video", url="https://video.example/1", duration=61)
    publication.downloads.create(language="en", bytes=5, file="downloads/water.pdf")
    return publication


@pytest.fixture
def event(publication):
    event = make_event("Launch", topics=[make_topic("Seas")], regions=[make_region("Chile")])
    event.speakers.create(author=make_author("Eva Ruiz"))
    event.publications.add(publication)
    return event


def columns(record):
    return {name: value for name, value in vars(record).items() if name != "_state"} if record else record


def same(prepared, *values):
    """What it gives, which is what the ORM gives, the records that come along with it included."""
    given, expected = prepared(*values), list(prepared.make(*values))
    assert len(given) == len(expected)
    for one, other in zip(given, expected, strict=True):
        if isinstance(one, tuple):
            assert one == other
            continue
        assert columns(one) == columns(other)
        for name, along in one._state.fields_cache.items():
            assert columns(along) == columns(getattr(other, name))
    assert prepared(*values) == given
    return given


def test_the_parts_of_an_entrys_page_are_those_of_the_orm(publication, event):
    found = {name: len(same(ask, publication.pk)) for name, ask in parts_of(Publication).items()}
    assert found == {"topics": 2, "regions": 1, "media": 1, "downloads": 1, "corrections": 1}
    found = {name: len(same(ask, event.pk)) for name, ask in parts_of(Event).items()}
    assert found == {"topics": 1, "regions": 1, "media": 0, "downloads": 0, "corrections": 0}


def test_a_publication_is_read_with_its_type_series_and_cover(publication, django_assert_num_queries):
    (found,) = same(published_at(PublicationDetail, "en"), "water")
    same(published_at(PublicationDetail, "es"), "agua")
    with django_assert_num_queries(0):
        assert (found.type.code, found.series.name_en, found.cover.alt_en) == ("report", "Field Notes", "A river")
    assert found.created_at == publication.created_at
    (plain,) = same(published_at(PublicationDetail, "en"), "ice")
    with django_assert_num_queries(0):
        assert (plain.series, plain.cover) == (None, None)


def test_an_event_is_read_with_its_moments(event):
    event.refresh_from_db()
    (found,) = same(published_at(EventDetail, "en"), "launch")
    assert (found.starts_at, found.all_day) == (event.starts_at, event.all_day)


def test_people_and_cards_are_those_of_the_orm(publication, event):
    assert [row.author.name for row in same(AUTHORSHIPS, publication.pk)] == ["Ana García", "Luis Ibarra"]
    assert [row.author.name for row in same(SPEAKERS, event.pk)] == ["Eva Ruiz"]
    for language in ("en", "es"):
        assert len(same(chosen_cards(language), publication.pk)) == 2
        assert len(same(cards_of_launched(language), event.pk)) == 1


def test_a_draft_is_not_among_what_is_read_by_its_address(publication):
    draft = make_publication("Draft", published=False)
    assert same(published_at(PublicationDetail, "en"), draft.slug_en) == []
    publication.withdraw(by=publication.published_by)
    assert same(published_at(PublicationDetail, "en"), "water") == []


def test_what_needs_queries_of_its_own_is_refused():
    prepared = Prepared(lambda pk: Event.objects.filter(pk=pk).prefetch_related(Prefetch("topics")), int)
    with pytest.raises(TypeError):
        prepared(1)
