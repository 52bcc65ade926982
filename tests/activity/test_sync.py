"""The read model says what is public, and every change reaches it."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from publications.models import Publication, PublicationTopic
from research_hub.activity.models import EVERYTHING, Activity, List, Listing, PeriodCount
from research_hub.activity.sync import sync_entry
from tests.checks import differences, lists_equal_entries
from tests.factories import (
    make_author,
    make_event,
    make_publication,
    make_region,
    make_series,
    make_topic,
    make_type,
    make_user,
)
from tests.pages import rows, titles

pytestmark = pytest.mark.django_db


def version(number=EVERYTHING):
    return List.objects.get(pk=number).version


def test_a_draft_is_on_no_list(client):
    topic = make_topic()
    make_publication("Draft", topics=[topic], published=False)
    assert titles(client.get(topic.get_absolute_url())) == []
    assert not Activity.objects.exists()
    assert lists_equal_entries()


def test_publishing_puts_it_on_every_list_it_belongs_to(client):
    parent = make_topic("Migration", "Migración")
    topic = make_topic("Asylum", "Asilo", parent=parent)
    region, author, series = make_region(), make_author(), make_series()
    make_publication("New", topics=[topic], regions=[region], authors=[author], series=series)
    for owner in (topic, parent, region, author, series):
        assert titles(client.get(owner.get_absolute_url())) == ["New"]
    assert titles(client.get("/activity/")) == ["New"]
    assert lists_equal_entries()


def test_an_event_stands_on_its_speakers_lists(client):
    author = make_author()
    make_event("Talk", speakers=[author])
    assert titles(client.get(author.get_absolute_url())) == ["Talk"]


def test_withdrawing_takes_it_off_and_publishing_brings_it_back(client):
    topic = make_topic()
    entry = make_publication("Now and then", topics=[topic])
    entry.withdraw(by=make_user())
    assert titles(client.get(topic.get_absolute_url())) == []
    assert client.get(entry.get_absolute_url()).status_code == 410
    assert lists_equal_entries()
    entry.publish(by=make_user())
    assert titles(client.get(topic.get_absolute_url())) == ["Now and then"]
    assert lists_equal_entries()


def test_a_change_of_topic_moves_it(client):
    old, new = make_topic("Old"), make_topic("New")
    entry = make_publication("Moved", topics=[old])
    PublicationTopic.objects.filter(publication=entry).update(topic=new)
    sync_entry(entry)
    assert titles(client.get(old.get_absolute_url())) == []
    assert titles(client.get(new.get_absolute_url())) == ["Moved"]
    assert lists_equal_entries()


def test_a_topic_that_moves_takes_its_entries_to_the_new_parents_list(client):
    one, two = make_topic("One"), make_topic("Two")
    child = make_topic("Child", parent=one)
    make_publication("Carried", topics=[child])
    child.parent = two
    child.save()
    assert titles(client.get(one.get_absolute_url())) == []
    assert titles(client.get(two.get_absolute_url())) == ["Carried"]
    assert lists_equal_entries()


def test_an_author_with_a_new_name_has_it_on_every_card(client):
    author = make_author("Ana García")
    make_publication("Hers", authors=[author])
    author.name = "Ana García Ruiz"
    author.save()
    assert "Ana García Ruiz" in client.get("/activity/").content.decode()
    assert lists_equal_entries()


def test_a_type_with_a_new_name_has_it_on_every_card(client):
    make_publication("Typed")
    report = make_type()
    report.name_en = "Study"
    report.save()
    assert rows(client.get("/activity/"))[0].type == "Study"
    assert lists_equal_entries()


def test_a_region_that_is_deleted_leaves_no_trace():
    region = make_region()
    make_publication("Stays", regions=[region])
    type(region).objects.filter(pk=region.pk).delete()
    assert lists_equal_entries()


def test_a_topic_with_entries_cannot_be_deleted():
    topic = make_topic()
    make_publication("Needs it", topics=[topic])
    with pytest.raises(models.ProtectedError):
        topic.delete()
    assert lists_equal_entries()


def test_entries_deleted_in_bulk_leave_no_trace():
    make_publication("One")
    make_publication("Two")
    Publication.objects.all().delete()
    assert not Activity.objects.exists()
    assert lists_equal_entries()


def test_a_status_cannot_be_changed_past_publish():
    make_publication("Draft", published=False)
    with pytest.raises(TypeError):
        Publication.objects.update(status="published")


def test_a_change_moves_only_the_versions_of_the_lists_it_touches():
    topic, other = make_topic("Touched"), make_topic("Untouched")
    entry = make_publication("Changed", topics=[topic])
    before = {number: version(number) for number in (EVERYTHING, topic.list_number, other.list_number)}
    entry.title_en = "Changed again"
    entry.save()
    sync_entry(entry)
    assert version() > before[EVERYTHING]
    assert version(topic.list_number) > before[topic.list_number]
    assert version(other.list_number) == before[other.list_number]


def test_syncing_what_has_not_changed_writes_nothing():
    entry = make_publication("Same", topics=[make_topic()])
    before = version()
    sync_entry(entry)
    assert version() == before


def test_one_sync_costs_a_bounded_number_of_queries():
    authors = [make_author(f"Author {n}") for n in range(12)]
    topics = [make_topic(f"Topic {n}", parent=None) for n in range(6)]
    entry = make_publication("Wide", topics=topics, authors=authors, regions=[make_region()], published=False)
    entry.publish(by=make_user())
    entry.date_precision, entry.date_lo, entry.date_hi = 3, None, None
    entry.save()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        sync_entry(entry)
    counted = [query for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len([q for q in counted if "activity_yearcount" not in q["sql"]]) <= 18
    assert lists_equal_entries()


def test_rebuilding_gives_the_same_lists(client):
    topic = make_topic()
    for year in range(2010, 2018):
        make_publication(f"In {year}", date=str(year), topics=[topic], media=["video"])
    make_event("Seminar", topics=[topic])
    before = [list(model.objects.order_by("pk").values()) for model in (Activity, Listing)]
    counts = list(PeriodCount.objects.exclude(n=0, carried=0).order_by("pk").values())
    call_command("rebuild_activity", stdout=StringIO())
    assert [list(model.objects.order_by("pk").values()) for model in (Activity, Listing)] == before
    assert list(PeriodCount.objects.exclude(n=0, carried=0).order_by("pk").values()) == counts
    assert lists_equal_entries()


def test_the_check_finds_an_entry_that_is_missing():
    make_publication("Lost")
    Activity.objects.all().delete()
    assert "not in the activity" in differences()


def test_the_check_finds_a_draft_that_is_listed():
    entry = make_publication("Leaked")
    Publication._base_manager.filter(pk=entry.pk).update(status="draft")
    assert "not published" in differences()


def test_the_check_finds_a_place_that_is_missing_or_wrong():
    topic = make_topic()
    make_publication("Misplaced", topics=[topic])
    Listing.objects.filter(list_id=topic.list_number).update(list_id=make_topic("Wrong").list_number)
    found = differences()
    assert "missing from its list" in found
    assert "does not belong" in found


def test_the_check_finds_a_card_that_is_out_of_date():
    entry = make_publication("Old title")
    Publication._base_manager.filter(pk=entry.pk).update(title_en="New title")
    assert "card_en is out of date" in differences()


def test_the_check_finds_a_wrong_count():
    make_publication("Counted")
    PeriodCount.objects.filter(list_id=EVERYTHING, period=2017).update(n=5)
    assert "counted 5, there are 1" in differences()


def test_rebuilding_mends_what_the_check_found():
    make_publication("Counted")
    PeriodCount.objects.update(n=5)
    call_command("rebuild_activity", stdout=StringIO())
    assert lists_equal_entries()
