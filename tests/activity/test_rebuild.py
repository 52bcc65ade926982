"""The lists are made anew from nothing, and the check finds what stands in them without an entry."""

import gc
import random
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from research_hub.activity import filling, rebuild
from research_hub.activity.models import EVERYTHING, Activity, List, Listing, PeriodCount
from research_hub.activity.search import empty
from research_hub.activity.side_by_side import usual_processes
from research_hub.activity.sync import PLACE_COLUMNS, sync_entry
from tests.checks import differences, everything_stored, lists_equal_entries
from tests.factories import (
    make_author,
    make_event,
    make_publication,
    make_region,
    make_series,
    make_topic,
    make_user,
)
from tests.pages import titles

pytestmark = pytest.mark.django_db

STRAY = 700_000 << 32 | 999  # a key that no entry has


def test_lists_that_were_never_made_are_made_by_rebuilding(client):
    topic = make_topic()
    make_publication("Report", topics=[topic], authors=[make_author()])
    make_event("Talk", topics=[topic])
    for model in (PeriodCount, Listing, Activity, List):
        model.objects.all().delete()
    empty()
    call_command("rebuild_activity", stdout=StringIO())
    assert sorted(titles(client.get(topic.get_absolute_url()))) == ["Report", "Talk"]
    assert lists_equal_entries()


def test_what_is_not_committed_yet_is_not_left_to_other_processes():
    make_publication("Report")
    call_command("rebuild_activity", processes=2, stdout=StringIO())
    assert Activity.objects.count() == 1
    assert rebuild.drift(lambda done, total: None, processes=2) == []


def test_a_rebuild_leaves_tables_and_indexes_as_they_were():
    make_publication("Report", topics=[make_topic()])
    before = schema()
    call_command("rebuild_activity", stdout=StringIO())
    assert schema() == before and lists_equal_entries()


def schema() -> dict:
    with connection.cursor() as cursor:
        return {
            model._meta.db_table: (
                connection.introspection.get_table_description(cursor, model._meta.db_table),
                connection.introspection.get_constraints(cursor, model._meta.db_table),
            )
            for model in (PeriodCount, Listing, Activity)
        }


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its index of words in one piece")
def test_a_rebuild_leaves_the_words_in_one_piece(monkeypatch):
    monkeypatch.setattr(filling, "LARGE_HASH", 1)  # so that each entry is written by itself
    for n in range(3):
        make_publication(f"Report {n}")
    call_command("rebuild_activity", stdout=StringIO())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT segid) FROM activity_search_idx")
        assert cursor.fetchone() == (1,)


def test_going_through_entries_hardly_looks_for_garbage():
    for n in range(100):
        make_publication(f"Report {n}")
    before = looks_for_garbage()
    rebuild.rebuild(lambda done, total: None)
    assert looks_for_garbage() - before <= 1  # three or four as Python does it


def looks_for_garbage() -> int:
    return sum(generation["collections"] for generation in gc.get_stats())


@pytest.mark.parametrize(("entries", "is_shared"), [(0, False), (4_999, False), (5_000, True)])
def test_one_process_makes_few_lists_and_as_many_as_there_are_processors_make_many(monkeypatch, entries, is_shared):
    monkeypatch.setattr("os.cpu_count", lambda: 6)
    assert usual_processes(entries) == (6 if is_shared else 1)


def make_anything(chance: random.Random, n: int):
    """An entry of any sort, published, and often changed or taken back since."""
    parent = make_topic("Rivers", "Ríos") if n % 4 == 0 else None
    topics = [make_topic(f"Topic {n}", f"Tema {n}", parent=parent)] + [parent] * (parent is not None)
    people = [make_author(f"Ana {n}.{k}", variants=["A. García"]) for k in range(chance.randrange(6))]
    place = make_region(f"Place {n}", f"Lugar {n}")
    words = chance.choice([{}, {"title_es": "Presas y ríos", "summary_es": "Qué dice de las presas."}])
    shared = {
        "topics": topics,
        "regions": [place][: n % 2],
        "media": chance.choice([[], ["video"], ["audio", "video"]]),
    }
    if chance.random() < 0.4:
        starts_at = datetime(2016, 12, chance.randrange(1, 32), 22, tzinfo=UTC)
        state = chance.choice(["scheduled", "postponed"])
        hours = chance.choice([2, 30, 500])
        entry = make_event(
            f"Talk {n}", starts_at=starts_at, hours=hours, speakers=people, state=state, **shared, **words
        )
    else:
        day = chance.choice(["", "2016", "2016-12", "2016-12-31", "1999-01-01"])
        words |= {"subtitle_en": "Second edition", "body_en": "<p>H<sub>2</sub>O &amp; ice.</p><p>More’s the pity.</p>"}
        series = make_series(f"Notes {n}") if n % 3 == 0 else None
        entry = make_publication(f"Report {n}", date=day, authors=people, series=series, **shared, **words)
    if n % 5 == 1:
        entry.withdraw(by=make_user())
    elif n % 5 == 2:
        entry.title_en = "Another title"
        entry.save()
        sync_entry(entry)


@pytest.mark.parametrize("size", [1_000, 4])
def test_rebuilding_writes_what_was_written_one_by_one(monkeypatch, size):
    monkeypatch.setattr(rebuild, "CHUNK", size)
    chance = random.Random(11)
    for n in range(14):
        make_anything(chance, n)
    before = everything_stored()
    assert len(before[0]) > 8
    call_command("rebuild_activity", stdout=StringIO())
    assert everything_stored() == before
    assert lists_equal_entries()


def test_rebuilding_asks_as_much_for_few_as_for_many():
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            call_command("rebuild_activity", stdout=StringIO())
        return len(queries)

    topic, author, series = make_topic(), make_author(), make_series()
    for n in range(2):
        make_publication(f"Report {n}", topics=[topic], authors=[author], series=series)
        make_event(f"Talk {n}", topics=[topic], speakers=[author], state="cancelled")
    few = asked()
    for n in range(4):
        make_publication(f"Another {n}", topics=[topic], authors=[author], series=series)
        make_event(f"Another talk {n}", topics=[topic], speakers=[author], state="cancelled")
    assert asked() == few


def test_a_rebuild_that_fails_leaves_everything_as_it_was(monkeypatch):
    make_publication("Kept", topics=[make_topic()])
    before, indexes = everything_stored(), indexes_of_places()
    monkeypatch.setattr(rebuild, "count_anew", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        call_command("rebuild_activity", stdout=StringIO())
    assert everything_stored() == before
    assert indexes_of_places() == indexes != set()


def indexes_of_places() -> set[str]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "activity_listing")
    return {name for name, constraint in found.items() if constraint["index"] and not constraint["primary_key"]}


def test_the_check_finds_an_entry_at_a_wrong_place_in_the_order():
    make_publication("Early", date="2001")
    late = make_publication("Late", date="2017")
    Activity.objects.filter(object_id=late.pk).update(sort_key=5)
    assert "its sort_key is out of date" in differences()


@pytest.mark.parametrize("key", [1, STRAY])
def test_the_check_finds_what_stands_before_and_behind_all_entries(monkeypatch, key):
    monkeypatch.setattr(rebuild, "CHUNK", 1)
    for n in range(3):
        make_publication(f"Listed {n}")
    place = dict(zip(PLACE_COLUMNS, (key, EVERYTHING, 1, 1, 1, 0, 700_000, True, False), strict=True))
    Listing.objects.create(**place)
    assert differences().count(f"{key}: on list {EVERYTHING}, but not published") == 1


def test_the_check_finds_a_place_where_nothing_is_published():
    List.objects.get_or_create(pk=EVERYTHING)
    place = dict(zip(PLACE_COLUMNS, (STRAY, EVERYTHING, 1, 1, 1, 0, 700_000, True, False), strict=True))
    Listing.objects.create(**place)
    assert f"{STRAY}: on list {EVERYTHING}, but not published" in differences()


def test_the_check_finds_a_place_of_no_entry():
    make_publication("Listed")
    place = dict(zip(PLACE_COLUMNS, (STRAY, EVERYTHING, 1, 1, 1, 0, 700_000, True, False), strict=True))
    Listing.objects.create(**place)
    assert f"{STRAY}: on list {EVERYTHING}, but not published" in differences()


def test_the_check_finds_counts_of_a_list_on_which_nothing_stands():
    make_publication("Listed")
    topic = make_topic("Empty")
    of_everything = PeriodCount.objects.filter(list_id=EVERYTHING, level=PeriodCount.PAGE, period=PeriodCount.ALL)
    values = of_everything.values(*(field.name for field in PeriodCount._meta.concrete_fields)).get()
    PeriodCount.objects.create(**values | {"list": List.objects.get(pk=topic.list_number)})
    assert "counted 1, there are 0" in differences()


def test_the_check_finds_what_was_never_counted():
    make_publication("Listed")
    PeriodCount.objects.filter(period=2017).delete()
    assert "'period': 2017" in differences() and "not counted" in differences()
