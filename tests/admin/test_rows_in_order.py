import pytest

from publications.models import Publication
from research_hub.activity.kinds import KINDS
from tests.factories import make_author, make_publication, make_topic, make_user
from topics.models import FeaturedEntry

from .cast import address, press, row

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def editor(client):
    client.force_login(make_user("editor"))


def authors(publication):
    return [row.author.name for row in publication.authorships.in_order()]


@pytest.mark.parametrize("language", ["en", "es"])
def test_numbers_put_authors_in_another_order(client, language):
    publication = make_publication(
        topics=[make_topic()], authors=[make_author("Ana"), make_author("Benito")], published=False
    )
    moved = row("authorships", 0, position=2) | row("authorships", 1, position=1)
    assert press(client, address(publication, language), **moved).status_code == 302
    assert authors(publication) == ["Benito", "Ana"]


def test_a_new_row_without_a_number_comes_last(client):
    publication = make_publication(
        topics=[make_topic()], authors=[make_author("Ana"), make_author("Benito")], published=False
    )
    press(client, address(publication), **row("authorships", 2, author=make_author("Carla").pk))
    assert authors(publication) == ["Ana", "Benito", "Carla"]


def test_a_number_alone_does_not_make_a_row(client):
    publication = make_publication(topics=[make_topic()], authors=[make_author("Ana")], published=False)
    assert press(client, address(publication), **row("authorships", 1, position=7)).status_code == 302
    assert authors(publication) == ["Ana"]


def test_the_same_topic_twice_is_refused(client):
    topic = make_topic()
    publication = make_publication(topics=[topic])
    page = press(client, address(publication), **row("publication_topics", 1, topic=topic.pk))
    assert page.status_code == 200
    assert page.context["errors"]


@pytest.fixture
def topic():
    topic = make_topic()
    for position, title in enumerate(["First", "Second", "Third"], start=1):
        feature(topic, make_publication(title, topics=[topic]), position)
    return topic


def feature(topic, entry, position):
    number = KINDS["publication"].number(entry.pk)
    return FeaturedEntry.objects.create(topic=topic, activity_id=number, position=position)


def featured(topic):
    places = topic.featured_entries.values_list("position", "activity_id")
    numbers = {KINDS["publication"].number(entry.pk): entry.title_en for entry in Publication.objects.all()}
    return {position: numbers[number] for position, number in sorted(places)}


@pytest.mark.parametrize("language", ["en", "es"])
def test_featured_entries_exchange_their_places(client, topic, language):
    turned = {f"featured_entries-{number}-position": place for number, place in enumerate((2, 3, 1))}
    assert press(client, address(topic, language), **turned).status_code == 302
    assert featured(topic) == {1: "Third", 2: "First", 3: "Second"}


def test_two_featured_entries_in_one_place_and_a_fourth_place_are_refused(client, topic):
    for place in (2, 4):
        page = press(client, address(topic), **row("featured_entries", 0, position=place))
        assert page.status_code == 200
    assert featured(topic) == {1: "First", 2: "Second", 3: "Third"}


def test_a_featured_entry_that_was_withdrawn_keeps_its_place_until_it_is_taken_off(client, topic):
    entry = Publication.objects.get(title_en="Second")
    entry.withdraw(by=make_user())
    assert press(client, address(topic)).status_code == 302
    assert featured(topic) == {1: "First", 2: "Second", 3: "Third"}
    assert "Second (not public now)" in client.get(address(topic)).content.decode()

    entry.publish(by=make_user())
    assert "not public now" not in client.get(address(topic)).content.decode()
    press(client, address(topic), **{"featured_entries-1-DELETE": "on"})
    assert featured(topic) == {1: "First", 3: "Third"}


@pytest.mark.parametrize("words", ["agua", "water"])
@pytest.mark.parametrize("prefix", ["", "/es"])
def test_only_published_entries_are_offered_and_by_the_title_of_either_language(client, words, prefix):
    make_publication("Draft on water", published=False)
    make_publication("On water", title_es="Sobre el agua")
    query = {"app_label": "topics", "model_name": "featuredentry", "field_name": "activity", "term": words}
    found = client.get(f"{prefix}/admin/autocomplete/", query).json()["results"]
    assert [result["text"] for result in found] == ["Sobre el agua" if prefix else "On water"]
