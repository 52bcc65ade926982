"""The lists are made anew from nothing, and the check finds what stands in them without an entry."""

from io import StringIO

import pytest
from django.core.management import call_command

from research_hub.activity.models import EVERYTHING, Activity, List, Listing, PeriodCount
from research_hub.activity.search import empty
from research_hub.activity.sync import PLACE_COLUMNS
from tests.checks import differences, lists_equal_entries
from tests.factories import make_author, make_event, make_publication, make_topic
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
