"""Search: both languages from either page, the same on both databases, and never an error."""

import random
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils.translation import override

from research_hub.activity import hits, search
from research_hub.activity.models import EVERYTHING, List, Listing, SearchEntry
from research_hub.activity.search import ENGINES, Stretch, Text, find, index
from research_hub.activity.sync import PLACE_COLUMNS, sync_entry
from research_hub.activity.words import LETTERS, parse, stem
from tests.bench.work import measure
from tests.checks import differences, lists_equal_entries
from tests.factories import (
    make_author,
    make_event,
    make_publication,
    make_region,
    make_series,
    make_topic,
    make_user,
)
from tests.pages import count_text, notes, rows, soup, titles, words

pytestmark = pytest.mark.django_db

MOST_QUERIES = 6


def address(language="en"):
    with override(language):
        return reverse("search")


def found(client, q, language="en", **query):
    page = client.get(address(language), {"q": q} | query)
    assert page.status_code == 200
    return titles(page)


@pytest.fixture
def shelf():
    """One entry only in Spanish, one only in English, one in both."""
    make_publication(
        "",
        title_es="Menores migrantes en la frontera",
        summary_es="Niñas y niños no acompañados.",
        source_language="es",
        date="2016",
    )
    make_publication("The smuggling of migrants", summary_en="Routes & prices.", date="2015")
    make_publication(
        "Water law",
        summary_en="Who owns a river.",
        title_es="Ley de aguas",
        summary_es="De quién es un río.",
        date="2014",
    )


# What is found


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("q", "wanted"),
    [
        ("menores", ["Menores migrantes en la frontera"]),
        ("MENOR", ["Menores migrantes en la frontera"]),
        ("ninos acompanado", ["Menores migrantes en la frontera"]),
        ("smuggling", ["The smuggling of migrants"]),
        ("smuggled migrant", ["The smuggling of migrants"]),
        ("migrantes", ["Menores migrantes en la frontera", "The smuggling of migrants"]),
        ('"no acompañados"', ["Menores migrantes en la frontera"]),
        ('"acompañados no"', []),
        ('"the smuggling of"', ["The smuggling of migrants"]),
        ("smugg*", ["The smuggling of migrants"]),
        ("smugg", []),
        ("smuggling menores", []),
        ("-smuggling", ["The smuggling of migrants"]),
        ("the", ["The smuggling of migrants"]),
        ("the smuggling in a migrant", ["The smuggling of migrants"]),
    ],
)
def test_both_languages_are_searched_from_either_page(client, shelf, language, q, wanted):
    assert found(client, q, language) == wanted


def test_the_body_the_subtitle_and_the_names_of_what_it_belongs_to_are_searched(client):
    make_publication(
        "Plain",
        subtitle_en="An assessment",
        body_en="<p>Rainfall</p><p>Caf&eacute;&nbsp;owners and H<sub>2</sub>O</p>",
        topics=[make_topic("Fisheries", "Pesquerías")],
        regions=[make_region("Brazil", "Brasil")],
        series=make_series("Field Notes"),
        authors=[make_author("Ana García", variants=["A. Garcia Ruiz"])],
    )
    english = ["assessment", "rainfall", "cafe", "owner", "h2o", "fishery", "brazil", '"field notes"', "fish*"]
    for q in [*english, "pesqueria", "brasil", "garcia", "ruiz", '"ana garcía"']:
        assert found(client, q) == ["Plain"], q
    assert found(client, '"rainfall cafe"') == ["Plain"]
    assert found(client, '"assessment rainfall"') == []  # a row of words does not run from one text into another
    assert found(client, "garci") == []  # a name has no stem


def test_an_event_is_found_by_its_speakers(client):
    make_event("Talk", speakers=[make_author("Inés Ríos")])
    assert found(client, "ines rios") == ["Talk"]


def test_newest_first_is_the_order_and_relevance_is_asked_for(client):
    make_publication("Old river", date="2001")
    make_publication("Older river", date="2000", title_es="Río", summary_es="Sí.")
    make_publication("In the summary", summary_en="Of a river.", date="2010")
    make_publication("In the text", body_en="<p>River</p>", date="2017")
    make_publication("Undated river", date="")
    assert found(client, "river") == ["In the text", "In the summary", "Old river", "Older river", "Undated river"]
    by_relevance = ["Old river", "Older river", "Undated river", "In the summary", "In the text"]
    assert found(client, "river", order="relevance") == by_relevance
    page = client.get(address(), {"q": "river", "order": "relevance"})
    assert soup(page).select_one("#filter-order option[selected]")["value"] == "relevance"
    assert not soup(page).select(".undated")


def test_by_relevance_the_pages_own_language_stands_before_the_other(client):
    make_publication("Delta", date="2017")
    make_publication("", title_es="Delta", summary_es="Sí.", source_language="es", date="2016")
    assert [row.lang for row in rows(client.get(address("es"), {"q": "delta", "order": "relevance"}))] == ["", "en"]
    assert [row.lang for row in rows(client.get(address("en"), {"q": "delta", "order": "relevance"}))] == ["", "es"]


def test_an_order_without_words_is_no_order(client):
    page = client.get(address(), {"order": "relevance"})
    assert (page.status_code, page["Location"]) == (301, address())


# How it is shown


def test_the_words_are_marked_and_nothing_else_becomes_markup(client):
    make_publication("<b>River</b> & bank", summary_en="<script>river</script>")
    page = client.get(address(), {"q": "rivers <b>"})
    text = page.content.decode()
    assert "&lt;b&gt;" in text and "<b>" not in text and "<script>river" not in text
    page = client.get(address(), {"q": "rivers"})
    assert [words(mark) for mark in soup(page).select("#activity .entry mark")] == ["River", "river"]
    assert '<a href="/publications/briverb-bank/">&lt;b&gt;<mark>River</mark>&lt;/b&gt; &amp; bank</a>' in (
        page.content.decode()
    )


def test_without_words_nothing_is_marked(client):
    make_publication("River")
    assert not soup(client.get("/activity/")).select("mark")


def test_a_hit_in_the_other_language_is_shown_in_it_and_says_so(client, shelf):
    (row,) = rows(client.get(address(), {"q": "aguas"}))
    assert (row.title, row.lang, row.badge) == ("Ley de aguas", "es", "In Spanish")
    assert row.url.startswith("/es/")
    (row,) = rows(client.get(address(), {"q": "water"}))
    assert (row.title, row.lang, row.badge) == ("Water law", "", "")
    (row,) = rows(client.get(address("es"), {"q": "water"}))
    assert (row.title, row.lang) == ("Water law", "en")
    assert row.badge


def test_the_other_languages_title_does_not_stay_with_the_card(client, shelf):
    client.get(address(), {"q": "aguas"})
    assert "Water law" in titles(client.get("/activity/"))


def test_the_words_stay_in_the_form_and_in_every_way_on(client):
    for n in range(25):
        make_publication(f"River {n}", date=f"20{n % 10:02}")
    page = client.get(address(), {"q": 'rivers "river'})
    assert soup(page).select_one("#filter-q")["value"] == 'rivers "river'
    ways = [link["href"] for link in soup(page).select("#activity .pager a, #activity .years a[href], #switch a")]
    assert ways and all("q=rivers+%22river" in way for way in ways)
    assert len(titles(client.get(soup(page).select_one("a[rel=next]")["href"]))) == 5


def test_search_pages_are_for_readers_not_for_search_engines(client, shelf):
    for language in ("en", "es"):
        for query in ({}, {"q": "menores"}):
            page = client.get(address(language), query)
            assert soup(page).select_one("meta[name=robots]")["content"] == "noindex"
    assert soup(client.get("/activity/", {"q": "menores"})).select_one("meta[name=robots]")
    assert not soup(client.get("/activity/", {"kind": "event"})).select_one("meta[name=robots]")


def test_nothing_found_is_said_with_a_way_out(client, shelf):
    page = client.get(address(), {"q": "unheard"})
    assert words(soup(page).select_one(".empty")).startswith("Nothing here matches.")
    assert soup(page).select_one(".empty a")["href"] == address()


# Any input is a search


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    "q",
    [
        '"', '""', "'", "a AND", "AND", "OR NOT", "col:val", "title:x", "-foo", "*", "x*", "NEAR(", "NEAR(a b, 2)",
        "^a", "{a b}:c", "a+b", "(", ")", "a:*", "& | ! <->", "\\", "%", "%s", "_", ";--", "\0", "a\0b", "\x1b[0m",
        "\r\n", "😀", "👩‍👩‍👧", "?!…", "x" * 10_000, "word " * 2_000, '"' * 999, "e\u0301", "\u202e", "北京", "я", "½",
        "ﷺ", "İ", "''':*A", "<script>", "&lt;",
    ],
)  # fmt: skip
def test_any_text_is_a_search(client, shelf, language, q):
    for order in ({}, {"order": "relevance"}):
        page = client.get(address(language), {"q": q} | order)
        assert page.status_code == 200 or order


def test_bytes_that_are_no_text_are_a_search(client, shelf):
    assert client.get(f"{address()}?q=%ff%fe%00%ed%a0%80").status_code == 200


def test_an_empty_field_leads_to_the_address_without_it(client):
    page = client.get(f"{address()}?q=&from=2017")
    assert (page.status_code, page["Location"]) == (301, f"{address()}?from=2017")


def test_without_words_the_page_lists_what_is_new(client, shelf):
    assert len(titles(client.get(address()))) == 3


def test_a_word_of_letters_that_no_database_expects_is_found(client):
    make_publication("北京 я ½")
    for q in ("北京", "Я", "½"):
        assert found(client, q) == ["北京 я ½"]


# Together with the other filters


@pytest.fixture
def many():
    """Reports and events of some years about rivers, and what is about something else."""
    topic, region = make_topic("Dams", "Presas"), make_region("Brazil", "Brasil")
    for year in (2010, 2011, 2012):
        make_publication(f"River {year}", date=str(year), topics=[topic], media=["video"] if year == 2010 else [])
    make_publication(
        "River in both languages", date="2012-05-05", title_es="Río y river", summary_es="Sí.", regions=[region]
    )
    make_event("River talk", topics=[topic], regions=[region])
    make_publication("Undated river", date="", topics=[topic])
    make_publication("Desert", date="2011", topics=[topic], regions=[region])
    return topic


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({"kind": "event"}, ["River talk"]),
        ({"language": "es"}, ["River in both languages"]),
        ({"media": "1"}, ["River 2010"]),
        ({"from": "2011", "to": "2012"}, ["River in both languages", "River 2012", "River 2011"]),
        ({"from": "2012", "undated": "1"}, ["River talk", "River in both languages", "River 2012", "Undated river"]),
        ({"from": "2012-03", "to": "2012-04"}, ["River 2012"]),
        ({"from": "2012-06"}, ["River talk", "River 2012"]),
        ({"from": "2012", "kind": "publication"}, ["River in both languages", "River 2012"]),
        ({"topic": "dams", "from": "2012"}, ["River talk", "River 2012"]),
        ({"topic": "dams", "region": "brazil"}, ["River talk"]),
    ],
)
def test_words_are_combined_with_every_filter(client, many, query, wanted):
    page = client.get(address(), {"q": "rivers"} | query)
    assert titles(page) == wanted
    assert count_text(page) == ("1 entry" if len(wanted) == 1 else f"{len(wanted)} entries")


@pytest.mark.parametrize(
    "query",
    [{"kind": "event"}, {"language": "es"}, {"media": "1"}, {"from": "2012-06"}, {"from": "2011", "undated": "1"}],
)
def test_a_search_that_is_cut_finds_the_same_with_filters(client, many, monkeypatch, query):
    whole = client.get(address(), {"q": "rivers"} | query)
    for module in (search, hits):
        monkeypatch.setattr(module, "MOST_FOUND", 5)
    cut = client.get(address(), {"q": "rivers"} | query)
    assert titles(cut) == titles(whole)
    assert count_text(cut) == count_text(whole)
    for module in (search, hits):
        monkeypatch.setattr(module, "MOST_FOUND", 6)
    assert client.get(address(), {"q": "rivers"} | query).content == whole.content


def test_words_narrow_any_list(client, many):
    assert found(client, "river", topic="dams") == titles(client.get(many.get_absolute_url(), {"q": "river"}))
    assert titles(client.get("/events/", {"q": "river"})) == ["River talk"]


def test_the_facets_and_the_years_count_what_was_found(client, many):
    page = client.get(address(), {"q": "rivers"})
    options = [words(option) for option in soup(page).select("#filter-kind option, #filter-language option")]
    assert options == ["All", "Publications (5)", "Events (1)", "All", "English (6)", "Spanish (1)"]
    years = [words(year) for year in soup(page).select("#activity .years a[href]")]
    assert years == ["2010 1", "2011 1", "2012 2", "2017 1"]
    page = client.get(address(), {"q": "rivers", "kind": "event"})
    assert "Publications (5)" in words(soup(page).select_one("#filter-kind"))
    assert [words(year) for year in soup(page).select("#activity .years a[href]")] == ["2017 1"]


def test_the_undated_that_a_date_leaves_out_are_counted(client, many):
    page = client.get(address(), {"q": "rivers", "from": "2012"})
    assert "1 undated entry is left out." in notes(page)


def test_of_too_many_it_is_said_that_there_are_more(client, monkeypatch):
    for n in range(25):
        make_publication(f"River {n}", date=f"20{n:02}")
    for module in (search, hits):
        monkeypatch.setattr(module, "MOST_FOUND", 22)
    monkeypatch.setattr("research_hub.activity.page.MOST_FOUND", 22)
    page = client.get(address(), {"q": "river"})
    assert count_text(page) == "More than 22 entries"
    assert "Publications (23+)" in words(soup(page).select_one("#filter-kind"))
    assert not soup(page).select("#activity .years")
    assert titles(client.get(address(), {"q": "river", "page": "2"})) == ["River 4", "River 3"]
    assert client.get(address(), {"q": "river", "page": "3"}).status_code == 404


def test_what_the_dates_leave_of_too_many_is_counted_exactly(client, monkeypatch):
    for n in range(25):
        make_publication(f"River {n}", date=f"20{n:02}")
    for module in (search, hits):
        monkeypatch.setattr(module, "MOST_FOUND", 22)
    page = client.get(address(), {"q": "river", "from": "2020"})
    assert count_text(page) == "5 entries"
    assert "Publications (5)" in words(soup(page).select_one("#filter-kind"))
    assert not soup(page).select("#activity .years")


def test_of_too_many_undated_it_is_said_that_there_are_more(client, monkeypatch):
    for n in range(4):
        make_publication(f"River {n}", date="")
    make_publication("River in 2020", date="2020")
    for module in (search, hits):
        monkeypatch.setattr(module, "MOST_FOUND", 2)
    page = client.get(address(), {"q": "river", "from": "2019"})
    assert count_text(page) == "1 entry"
    assert "Publications (1)" in words(soup(page).select_one("#filter-kind"))
    assert "At least 3 undated entries are left out." in notes(page)


@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize("query", [{}, {"from": "2011"}, {"from": "2011", "undated": "1", "kind": "publication"}])
def test_a_search_costs_few_queries(client, many, django_assert_num_queries, monkeypatch, cut, query):
    if cut:
        for module in (search, hits):
            monkeypatch.setattr(module, "MOST_FOUND", 2)
    with django_assert_num_queries(MOST_QUERIES, exact=False):
        assert client.get(address(), {"q": "rivers"} | query).status_code == 200


# What is public, and only that


def test_what_is_not_published_is_not_found(client):
    secret = {"summary_en": "xyzzy", "body_en": "<p>plugh</p>", "authors": [make_author("Zork Grue")]}
    make_publication("Draft xyzzy", published=False, **secret)
    withdrawn = make_publication("Withdrawn xyzzy", **secret)
    assert found(client, "xyzzy") == ["Withdrawn xyzzy"]
    withdrawn.withdraw(by=make_user())
    for language in ("en", "es"):
        for q in ("xyzzy", "plugh", "grue", "xyz*", '"draft xyzzy"'):
            page = client.get(address(language), {"q": q})
            assert titles(page) == []
            assert "Draft" not in page.content.decode()
    assert not SearchEntry.objects.exists()


def test_a_draft_change_of_a_published_entry_is_not_found_before_it_is_synced(client):
    entry = make_publication("Public")
    entry.body_en = "<p>secret</p>"
    entry.save()
    assert found(client, "secret") == []
    sync_entry(entry)
    assert found(client, "secret") == ["Public"]


def test_every_change_reaches_the_index(client):
    topic, author = make_topic("Dams"), make_author("Ana García")
    entry = make_publication("First", summary_en="One.", topics=[topic], authors=[author])
    before = List.objects.get(pk=EVERYTHING).version
    topic.name_en = "Reservoirs"
    topic.save()
    assert List.objects.get(pk=EVERYTHING).version != before
    author.name = "Ana Ruiz"
    author.save()
    entry.title_en, entry.date_lo, entry.date_hi, entry.date_precision = "Second", None, None, 3
    entry.save()
    sync_entry(entry)
    for q in ("first", "dams", "garcía"):
        assert found(client, q) == []
    for q in ("second", "reservoir", "ruiz"):
        assert found(client, q) == ["Second"]
    assert SearchEntry.objects.count() == 1
    assert lists_equal_entries()


def test_rebuilding_fills_the_index_again(client, shelf):
    SearchEntry.objects.all().delete()
    assert "search has other words of it" in differences()
    call_command("rebuild_activity", stdout=StringIO())
    assert found(client, "menores") == ["Menores migrantes en la frontera"]
    assert lists_equal_entries()


def test_the_check_finds_words_that_differ_and_what_does_not_belong(shelf):
    key, *others = SearchEntry.objects.values_list("pk", flat=True)
    stored = search.stored([key, *others])
    search.replace({key: stored[key]}, {key: stored[others[0]], 5: stored[key]})
    told = differences()
    assert told.count("search has other words of it") == 1
    assert "5: found by search, but not published" in told


@pytest.mark.sqlite
def test_the_check_finds_a_damaged_index(shelf):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE activity_search_content SET c0 = 'eother'")
    assert "the index of words is damaged" in differences()


# The engine


def test_what_is_stored_is_read_back_as_it_was_written():
    texts = [Text(column, "e", words) for column, words in (("title", ["b", "a", "b"]), ("body", ["a"] * 300))]
    row = ENGINES[connection.vendor].row(texts, ["tl9", "tk1"])
    index({7: row})
    assert search.stored([7, 8]) == {7: row}


def test_words_beyond_the_last_position_are_read_back_as_they_were_written():
    long = Text("title", "e", ["a", "b"] * (search.LAST_POSITION // 2))
    texts = [long, Text("summary", "s", ["a", "c", "d"]), Text("body", "", ["c", "c", "d"])]
    row = ENGINES[connection.vendor].row(texts, ["tl9"])
    index({7: row})
    assert search.stored([7]) == {7: row}


WORDS = ["river", "rivers", "dam", "dams", "law", "laws", "water", "a"]
SOUGHT = [*WORDS, "riv*", "wat*", '"river dam"', '"law water a"']
TAGS = ["tl9", "tl17", "tk1", "ten", "tm"]
EVERYWHERE = ("title", "summary", "body")


def put(entries):
    """Straight into the index: texts and tags by key; each lasts for ten days."""
    List.objects.get_or_create(pk=EVERYTHING)
    Listing.objects.bulk_create(
        Listing(
            sort_key=key,
            list_id=EVERYTHING,
            kind=1,
            type=0,
            languages=1,
            media=0,
            last_day=(key >> 32) + 10,
            direct=True,
            crosses=False,
        )
        for key in entries
    )
    index({key: ENGINES[connection.vendor].row(*entry) for key, entry in entries.items()})


def test_the_index_finds_what_reading_everything_finds():
    """Random entries, queries and stretches; some versions of FTS5 lose rows when they are read backwards."""
    chance = random.Random(2017)
    entries = {}
    for n in range(1, 400):
        day = chance.choice([0, chance.randrange(600_000, 760_000), chance.randrange(700_000, 700_050)])
        texts = [
            Text(column, letter, chance.choices(WORDS, k=chance.randrange(4)))
            for column in EVERYWHERE
            for letter in ("e", "s", "")
        ]
        tags = chance.sample(TAGS, k=chance.randrange(6))
        entries[day << 32 | chance.randrange(3) << 30 | n] = ([text for text in texts if text.words], tags)
    put(entries)
    for key in chance.sample(sorted(entries), 100):
        del entries[key]
        SearchEntry.objects.filter(pk=key).delete()

    for _turn in range(300):
        query = parse(" ".join(chance.choices(SOUGHT, k=chance.randrange(1, 4))))
        tags = chance.sample(TAGS, k=chance.choice([0, 0, 1, 2]))
        columns = chance.choice([EVERYWHERE, EVERYWHERE[:2], EVERYWHERE[:1]])
        low, high = sorted(chance.choices([1, 1 << 32, *entries], k=2))
        reaches = chance.choice([0, 700_025, (low >> 32) + 5])
        most = chance.choice([1, 5, 500])
        wanted = [
            key
            for key, (texts, has) in entries.items()
            if low <= key < high
            and (key >> 32) + 10 >= reaches
            and set(tags) <= set(has)
            and all(is_in(term, texts, columns) for term in query.terms)
        ]
        found = find(query, tags, [Stretch(low, high, reaches)], columns, most)
        assert [row[search.KEY] for row in found] == sorted(wanted, reverse=True)[:most]


@pytest.mark.parametrize("pace", [0, 1, 3])
def test_frequent_and_rare_words_are_found_alike(pace):
    """All of one day, or over 19 or 57 years."""
    words = {"always": 1, "often": 3, "seldom": 50, "rarely": 400, "once": 4_999}
    entries = {
        700_000 + n * pace << 32 | n: (
            [Text("title", "e", [word for word, step in words.items() if n % step == 0])],
            [],
        )
        for n in range(1, 7_000)
    }
    put(entries)
    for word, step in words.items():
        keys = [key for key in sorted(entries, reverse=True) if (key & 0xFFFF) % step == 0]
        for most in (1, 20, 60, 1_000):
            assert [row[search.KEY] for row in find(parse(word), [], most=most)] == keys[:most]


def test_the_newest_matches_are_found_without_a_look_at_older_ones():
    """However many there are: neither in the index of words, nor on the list."""
    entries = {700_000 + n << 32 | n: ([Text("title", "e", ["always"])], ["tl9"]) for n in range(1, 16_000)}
    work = []
    for part in (range(12_000, 16_000), range(1, 12_000)):
        put({key: entry for key, entry in entries.items() if key & 0xFFFF in part})
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        work.append(measure(lambda: find(parse("always"), ["tl9"], most=20)))
    for few, many in zip(*((done.steps, done.blocks) for done in work), strict=True):
        assert many <= 1.2 * few


def test_a_few_matches_are_looked_up_on_the_list_and_the_list_is_not_read_for_them():
    """PostgreSQL took one match for a thousand, where it knew how long the lists are."""
    keys = [700_000 << 32 | n for n in range(1, 3_000)]
    put({key: ([Text("title", "e", ["always"] + ["once"] * (key == keys[1_500]))], []) for key in keys})
    stand_also_on([number << 3 | 1 for number in range(1, 7)])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE activity_listing")
    found = []
    work = measure(lambda: found.extend(find(parse("once"), [], [Stretch(high=keys[-1])])))
    assert [row[search.KEY] for row in found] == [keys[1_500]]
    assert work.steps <= (200 if connection.vendor == "sqlite" else 3)


def stand_also_on(numbers):
    """Put all that stands on the list of everything on these lists too, as entries stand on several."""
    columns = ", ".join(PLACE_COLUMNS)
    List.objects.bulk_create([List(pk=number) for number in numbers])
    with connection.cursor() as cursor:
        for number in numbers:
            cursor.execute(
                f"INSERT INTO activity_listing ({columns}) SELECT {columns.replace('list_id', '%s')}"
                " FROM activity_listing WHERE list_id = 0",
                [number],
            )


def is_in(term, texts, columns):
    texts = [text for text in texts if text.column in columns]
    if term.is_phrase:
        sought = f" {' '.join(term.words)} "
        return any(sought in f" {' '.join(text.words)} " for text in texts)
    if term.is_prefix:
        return any(word.startswith(term.words[0]) for text in texts for word in text.words)
    stems = {letter: stem(term.words[0], letter) for letter in LETTERS.values()}
    return any(
        word == term.words[0] or (text.letter and stem(word, text.letter) == stems[text.letter])
        for text in texts
        for word in text.words
    )
