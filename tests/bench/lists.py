"""Lists as long as those of a million entries, made of a smaller corpus within the database.

Each listed entry is copied, with its cards and the words of its title and summary, to other days; no entry stands
behind a copy. So lists, counts, words and the pages that show them are what they would be; what loading, a rebuild and
a check of so many take is not seen.
"""

from datetime import date

from django.db import connection

from research_hub.activity.filling import filling
from research_hub.activity.kinds import BITS
from research_hub.activity.models import PeriodCount
from research_hub.activity.rebuild import count_anew
from research_hub.activity.sync import writing

from .corpus import FIRST_YEAR, YEARS

FIRST, DAYS = date(FIRST_YEAR, 1, 1).toordinal(), YEARS * 365
STRIDE = 183  # days from a copy to the next

# What is known to the one day goes to another day, other things stay in their time; numbers go where there are none.
COPIES = f"""
    CREATE TEMPORARY TABLE copies AS
    WITH RECURSIVE times (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM times WHERE n + 1 < %s),
    moved AS (
        SELECT id, sort_key, first_day, n, CASE WHEN precision = 0 AND first_day = last_day
        THEN {FIRST} + (first_day - {FIRST} + n * {STRIDE}) %% {DAYS} - first_day ELSE 0 END AS shift
        FROM activity_activity CROSS JOIN times)
    SELECT sort_key AS old_key, sort_key + (CAST(shift AS bigint) << 32) + n * CAST(%s AS bigint) AS sort_key,
        shift, id AS old_id, id + n * CAST(%s AS bigint) AS id FROM moved"""

PLACES = """
    INSERT INTO activity_listing (sort_key, list_id, kind, type, languages, media, last_day, direct, crosses)
    SELECT copies.sort_key, list_id, kind, type, languages, media, last_day + shift, direct, crosses
    FROM copies JOIN activity_listing place ON place.sort_key = old_key WHERE list_id <> %s ORDER BY 1, 2"""

ENTRIES = f"""
    INSERT INTO activity_activity (id, sort_key, kind, object_id, uid, type, languages, media, first_day, last_day,
        precision, card_en, card_es, changed_at)
    SELECT copies.id, copies.sort_key, kind, copies.id >> {BITS}, 'z' || (100000000 + copies.id), type, languages,
        media, first_day + shift, last_day + shift, precision, card_en, card_es, changed_at
    FROM copies JOIN activity_activity entry ON entry.id = old_id ORDER BY 2"""

WORDS = {
    "sqlite": """
        INSERT INTO activity_search (rowid, title, summary, terms)
        SELECT sort_key, c0, c1, replace(c3, %s, '') FROM copies
        JOIN activity_search_content words ON words.id = old_key ORDER BY 1""",
    # Words of the body have no weight. Those that begin with t are the lists and sorts.
    "postgresql": """
        INSERT INTO activity_search (rowid, doc)
        WITH short AS MATERIALIZED (
            SELECT rowid, ts_filter(doc, '{a,b}') || array_to_tsvector(ARRAY(
                SELECT word FROM unnest(tsvector_to_array(doc)) AS word WHERE word LIKE 't%%' AND word <> %s)) AS doc
            FROM activity_search)
        SELECT sort_key, doc FROM copies JOIN short ON short.rowid = old_key ORDER BY 1""",
}


def lengthen(times: int, rare: int) -> None:
    """Make all lists so many times as long, but the one with the number `rare`."""
    with writing(), connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM activity_activity")
        beyond = cursor.fetchone()[0] + (1 << BITS) >> BITS << BITS
        cursor.execute(COPIES, [times, beyond, beyond])
        PeriodCount.objects.all().delete()
        with filling():
            cursor.execute(ENTRIES)
            cursor.execute(PLACES, [rare])
            cursor.execute(WORDS[connection.vendor], [f"tl{rare}"])
        cursor.execute("DROP TABLE copies")
        count_anew()
