"""What reading a list asks of the database, counted: as much for ten thousand entries as for four thousand."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from research_hub.activity.counts import cells_of
from research_hub.activity.dates import PartialDate, read_iso
from research_hub.activity.kinds import KINDS, OWNERS
from research_hub.activity.models import EVERYTHING, List, Listing, PeriodCount
from research_hub.activity.selection import Facets, Selection
from research_hub.activity.sync import PLACE_COLUMNS, Place, add_to_counters
from tests.bench.work import Work, measure

pytestmark = pytest.mark.django_db

BIG, THREE, EMPTY, *OTHERS = (pk << 3 | OWNERS["topic"].code for pk in range(1, 10))
NEWEST, DAYS = date(2024, 12, 31), 25 * 365

# The most a question may cost: instructions of SQLite's virtual machine, rows that PostgreSQL's scans meet.
ALLOWED = {
    "first page": (160, 25),
    "first page of three": (100, 10),
    "first page of none": (100, 10),
    "page 40": (3_500, 825),
    "events": (8_000, 1_500),
    "in Spanish": (8_000, 1_500),
    "with a recording": (8_000, 1_500),
    "of one type": (8_000, 1_500),
    "between two days": (8_000, 1_500),
    "counts": (2_500, 300),
    "counts of three": (2_500, 300),
    "counts of a day": (2_500, 300),
    "counts of whole months": (11_000, 450),
    "counts between two days": (11_000, 450),
}
# These grow with the sorts there are in a month, and with the entries of one.
DATED_COUNTS = {"counts of a day", "counts of whole months", "counts between two days"}
FEW = 25  # rows that may be sorted, as those of a list of three are

# Size, and whether ANALYZE has told the database of the tables' contents. PostgreSQL would read a table that is
# both small and unknown to it through and sort it, and may well one of a thousand entries; it asks for ANALYZE by
# itself soon after the first rows.
STATES = [(4_000, True), (10_000, False), (10_000, True)]


def places(size: int) -> set[Place]:
    """Entries spread over 25 years, their sorts in turn: the newest of any number of them are the same."""
    found = set()
    for rank in range(size):
        spell = PartialDate.day(NEWEST - timedelta(days=rank * DAYS // size))
        key = spell.sort_key(size - rank)
        sort = (2 if rank % 5 == 0 else 1, rank % 8, (1, 3, 1, 2, 1)[rank % 5], int(rank % 10 == 0))
        numbers = [EVERYTHING, BIG] + [THREE] * (rank in (0, size * 2 // 5, size * 4 // 5))
        found |= {(key, number, *sort, spell.hi.toordinal(), True, False) for number in numbers}
    return found


def fill(size: int) -> None:
    """Put so many entries on the big list, and as many on each of the others beside it, as in life."""
    for model in (PeriodCount, Listing):
        model.objects.all().delete()
    List.objects.bulk_create([List(pk=number) for number in (EVERYTHING, BIG, THREE, *OTHERS)], ignore_conflicts=True)
    found = places(size)
    Listing.objects.bulk_create([Listing(**dict(zip(PLACE_COLUMNS, place, strict=True))) for place in sorted(found)])
    add_to_counters(cells_of(found))
    columns = ", ".join(PLACE_COLUMNS)
    copied = columns.replace("list_id", "%s")
    with connection.cursor() as cursor:
        for number in OTHERS:
            cursor.execute(
                f"INSERT INTO activity_listing ({columns}) SELECT {copied} FROM activity_listing WHERE list_id = %s",
                [number, BIG],
            )


def questions() -> dict[str, Callable[[], object]]:
    everything, dated = Selection((BIG,)), Selection((BIG,), read_iso("2012-03-10"), read_iso("2013-09-20"))
    months = Selection((BIG,), read_iso("2012-03"), read_iso("2013-09"))
    day = Selection((BIG,), read_iso("2012-03-22"), read_iso("2012-03-22"))

    def first_page(selection: Selection) -> Callable[[], object]:
        return lambda: selection.keys(0, 20, 10_000, 0)

    def narrowed(**facet) -> Callable[[], object]:
        return first_page(Selection((BIG,), facets=Facets(**facet)))

    return {
        "first page": first_page(everything),
        "first page of three": first_page(Selection((THREE,))),
        "first page of none": first_page(Selection((EMPTY,))),
        "page 40": lambda: everything.keys(780, 800, 10_000, 0),
        "events": narrowed(kind=KINDS["event"].code),
        "in Spanish": narrowed(language="es"),
        "with a recording": narrowed(media=True),
        "of one type": narrowed(type=3),
        "between two days": first_page(dated),
        "counts": everything.counts,
        "counts of three": Selection((THREE,)).counts,
        "counts of a day": day.counts,
        "counts of whole months": months.counts,
        "counts between two days": dated.counts,
    }


@pytest.fixture(scope="module")
def work(django_db_setup, django_db_blocker) -> dict[tuple[str, int, bool], Work]:
    """What each question took, by its name and the state of the database."""
    found = {}
    with django_db_blocker.unblock(), transaction.atomic():
        for size, is_analysed in STATES:
            if Listing.objects.filter(list_id=BIG).count() != size:
                fill(size)
            if is_analysed:
                connection.cursor().execute("ANALYZE")
            found |= {(name, size, is_analysed): measure(question) for name, question in questions().items()}
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", ALLOWED)
def test_a_question_costs_no_more_than_is_allowed(work, name, state):
    most = ALLOWED[name][connection.vendor == "postgresql"]
    least = 0 if name == "first page of none" else 1
    assert least <= work[name, *state].steps <= most


@pytest.mark.parametrize("name", sorted(ALLOWED.keys() - DATED_COUNTS))
def test_a_question_costs_the_same_at_every_size(work, name):
    assert len({work[name, *state].steps for state in STATES}) == 1


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", ALLOWED)
def test_no_question_reads_a_table_through_or_sorts(work, name, state):
    asked = work[name, *state]
    for plan in asked.plans:
        assert "SCAN" not in plan and "Seq Scan" not in plan, plan
        assert "activity_listing " not in plan or "listing_c" in plan, plan
        assert "FOR ORDER BY" not in plan, plan
        if name not in DATED_COUNTS:
            assert "TEMP B-TREE" not in plan, plan
            assert "Sort" not in plan or asked.steps <= FEW, plan
