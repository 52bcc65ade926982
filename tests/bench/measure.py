"""One database with a corpus of one size: what is asked of it, and what comes of it, as plain data."""

import gc
import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from pathlib import Path
from urllib.parse import quote

from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from publications.models import Publication
from research_hub.activity.counts import key_bounds
from research_hub.activity.dates import PartialDate, read_iso
from research_hub.activity.hits import WordSelection
from research_hub.activity.kinds import KINDS
from research_hub.activity.page import LAST_PAGE, SIZE
from research_hub.activity.progress import progress_bar
from research_hub.activity.rebuild import drift, rebuild
from research_hub.activity.search import Stretch, find, tags
from research_hub.activity.selection import Facets, Selection
from research_hub.activity.sync import sync_entry
from research_hub.activity.words import parse
from research_hub.languages.text import LANGUAGES
from topics.models import Topic

from . import inside, outside, work
from .corpus import RARE, SOUGHT, SOUGHT_IN_SPANISH, Corpus
from .desk import desk
from .lists import lengthen

BARE = "/bare/"
SINCE, UNTIL = "2012-03-10", "2013-09-20"
KEPT = ("topic, en", "entry, en")  # the pages that are also asked for as they were kept, and unchanged
TIMES = 7  # that a query is timed
MOVES = 20  # entries that are given another date, to see what one change takes


def report_on(size: int, times: int, file: Path) -> None:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    found = {"entries": size, "listed": size * times, "engine": engine()}
    found["making"] = making(size, times)
    gc.collect()
    gc.freeze()  # what the making has left would be looked through again and again while pages are measured
    found["reading"] = reading()
    found["pages"], found["bare"], found["memory at first"], found["memory"] = pages()
    found["desk"] = desk()
    file.write_text(json.dumps(found))


def engine() -> str:
    if connection.vendor == "sqlite":
        return f"SQLite {'.'.join(map(str, connection.get_database_version()))}"
    return f"PostgreSQL {'.'.join(map(str, connection.get_database_version()))}"


# Making the corpus and its lists


def making(size: int, times: int) -> dict:
    bar = progress_bar(sys.stderr)
    differences: list[str] = []
    long = {
        "load": spent(lambda: Corpus(size).load(bar)),
        "rebuild": spent(lambda: rebuild(bar)),
        "check": spent(lambda: differences.extend(drift(bar))),
    }
    if differences:
        raise RuntimeError(f"The lists differ from the entries: {differences[0]}")
    if times > 1:
        lengthen(times, rarest().list_number)
    settle()
    queries, moved = one_change()
    return long | {
        "queries of a change": queries,
        "milliseconds of a change": moved * 1e3,
        "peak megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "megabytes stored": stored() / 1e6,
    }


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def spent(action: Callable[[], object]) -> list[float]:
    """Seconds, and seconds of the processor, of this process and of those that it has work for it."""
    before = processor_seconds()
    return [seconds(action), processor_seconds() - before]


def processor_seconds() -> float:
    *processor, _elapsed = os.times()
    return sum(processor)


def settle() -> None:
    """What a database does by itself within minutes of an import: SQLite's log goes into its file."""
    settled = {"postgresql": "VACUUM ANALYZE", "sqlite": "PRAGMA wal_checkpoint(TRUNCATE)"}
    with connection.cursor() as cursor:
        cursor.execute(settled[connection.vendor])


def one_change() -> tuple[int, float]:
    """The most queries, and the usual seconds, in which the lists follow an entry that is given another date."""
    queries, took = [], []
    for entry in Publication.objects.exclude(date_lo=None).order_by("uid")[:MOVES]:
        entry.date = PartialDate.day(entry.date_lo - timedelta(days=40))
        with transaction.atomic():
            entry.save()
            with CaptureQueriesContext(connection) as captured:
                took.append(seconds(lambda moved=entry: sync_entry(moved)))
        queries.append(sum("SAVEPOINT" not in query["sql"] for query in captured))
    return max(queries), statistics.median(took)


def stored() -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return cursor.fetchone()[0]


# Reading lists


def reading() -> dict[str, dict]:
    """The work of each sort of query behind a list, on the biggest topic unless the name says otherwise."""
    settle()
    everything = Selection((biggest().list_number,))
    since, until = read_iso(SINCE), read_iso(UNTIL)
    rare = Selection((rarest().list_number,))
    dated = Selection(everything.lists, since, until)
    events = Selection(everything.lists, facets=Facets(kind=KINDS["event"].code))
    spanish = Selection(everything.lists, facets=Facets(language="es"))
    total = everything.counts().found.total()
    last = (last_page(total) - 1) * SIZE
    asked = {
        "keys": lambda: everything.keys(0, SIZE, total, 0),
        "keys, topic of three": lambda: rare.keys(0, SIZE, 3, 0),
        "keys between two days": lambda: dated.keys(0, SIZE, total, 0),
        "keys, events only": lambda: events.keys(0, SIZE, total, 0),
        "keys, in Spanish": lambda: spanish.keys(0, SIZE, total, 0),
        f"keys from {last:,}": lambda: everything.keys(last, last + SIZE, total, 0),
        "counts": everything.counts,
        "counts, topic of three": rare.counts,
        "counts between two days": dated.counts,
    }
    for word, share in SOUGHT.items():
        name = f"words in {share:.2%} of entries, between two days"
        asked[f"{name}: the twenty newest"] = partial(newest, everything.lists, word)
        asked[f"{name}: counted, too"] = partial(search, everything.lists, word)
    return {name: asdict(work.measure(action)) | {"ms": milliseconds(action)} for name, action in asked.items()}


def newest(lists: tuple[int, ...], word: str) -> None:
    dates = Stretch(*key_bounds(read_iso(SINCE).lo, read_iso(UNTIL).hi))
    find(parse(word), tags(lists, None, None, [], False), [dates], most=SIZE)


def search(lists: tuple[int, ...], word: str) -> None:
    found = WordSelection(lists, read_iso(SINCE), read_iso(UNTIL), words=parse(word))
    found.keys(0, SIZE, found.counts().found.total(), 0)


def milliseconds(action: Callable[[], object]) -> float:
    return statistics.median(seconds(action) for _ in range(TIMES)) * 1e3


def biggest() -> Topic:
    return Topic.objects.get(name_en="Topic 1")


def rarest() -> Topic:
    return Topic.objects.get(name_en=RARE)


def last_page(total: int) -> int:
    return min(LAST_PAGE, -(-total // SIZE))


# Whole pages


def addresses(language: str) -> dict[str, str]:
    topic = biggest().get_absolute_url(language)
    total = Selection((biggest().list_number,)).counts().found.total()
    translated = Publication.objects.filter(topics=biggest()).exclude(title_en="").exclude(title_es="")
    entry = translated.order_by("uid")[translated.count() // 2]
    words = {word: quote(SOUGHT_IN_SPANISH[word] if language == "es" else word) for word in SOUGHT}
    with translation.override(language):
        search_page = reverse("search")
    return {
        "topic": topic,
        "topic of three": rarest().get_absolute_url(language),
        "between two days": f"{topic}?from={SINCE}&to={UNTIL}",
        "events only": f"{topic}?kind=event",
        "deep": f"{topic}?page={last_page(total)}",
        "entry": entry.get_absolute_url(language),
        "search": f"{search_page}?q={words['drought']}",
        "search in the topic between two days": f"{topic}?q={words['lithium']}&from={SINCE}&to={UNTIL}",
    }


def pages() -> tuple[dict[str, dict], dict, float, float]:
    """What each page takes, what the bare page takes, and how much memory the server has after the bare page and after
    all of them, which are kept as they are made."""
    site = inside.Site()
    urls = {f"{name}, {language}": url for language in LANGUAGES for name, url in addresses(language).items()}
    found = {name: {"url": url} | counted(site, url) for name, url in urls.items()}
    bare = {"times": times(site, found)}
    with outside.server(cache=False) as server:
        bare["served"] = loads(server, BARE)
        for name, url in urls.items():
            found[name]["served"] = loads(server, url)
    with outside.server(cache=True) as server:
        loads(server, BARE)
        at_first = server.memory()
        for name in KEPT:
            found[name]["kept served"] = loads(server, urls[name])
        for url in urls.values():
            server.load(url, 1)
        return found, bare, at_first, server.memory()


def counted(site: inside.Site, url: str) -> dict:
    """How many queries a page asks that is made anew, and the work of them."""
    with inside.without_cache():
        answer = site.get(url)
        if answer.status != 200:
            raise RuntimeError(f"{url} answered {answer.status}")
        connection.close()  # a connection that grows too old while it is watched would be replaced
        done = work.measure(lambda: site.get(url))
    return {"queries": len(done.queries), "steps": done.steps, "blocks": done.blocks, "bytes": answer.size}


def times(site: inside.Site, found: dict[str, dict]) -> float:
    """Note what pages take of the processor, made anew, kept and unchanged, in microseconds and in bare pages of the
    same minute; returns what the bare page takes."""
    plain = {name: (page["url"], "") for name, page in found.items()}
    kept = {name: plain[name] for name in KEPT}
    with inside.without_cache():
        bare = note(site, found, "made", plain)
    note(site, found, "kept", kept)
    note(site, found, "unchanged", {name: (url, site.get(url).etag) for name, (url, _etag) in kept.items()})
    return bare


def note(site: inside.Site, found: dict[str, dict], state: str, asked: dict[str, tuple[str, str]]) -> float:
    taken = inside.processor_time(site, asked | {"bare": (BARE, "")})
    for name in asked:
        found[name] |= {state: taken[name], f"{state} in bare pages": taken[name] / taken["bare"]}
    return taken["bare"]


def loads(server: outside.Server, url: str) -> dict[int, dict]:
    return {places: asdict(server.load(url, places)) for places in outside.CONCURRENCY}
