"""Reading a web server's access log: which pages were read, in which month; who read them is not looked at."""

import gzip
import re
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date
from functools import lru_cache, partial
from io import BufferedReader

# The Common Log Format, and the Combined one that adds where the reader came from and the browser. What stands before
# the moment (host, address, user) may differ from server to server and is not read. A cache in front may write whole
# addresses.
READ = re.compile(
    rb"\[\d\d/(?P<month>\w{3}/\d{4}):[^\]]*\] "
    rb'"GET (?:https?://[^/\s]*)?(?P<path>/[^\s?]*)\S* HTTP/[\d.]+" (?:200|304) (?:\d+|-)'
    rb'(?: "[^"\\]*(?:\\.[^"\\]*)*" "(?P<agent>[^"\\]*(?:\\.[^"\\]*)*)")?'
)
REQUEST = re.compile(rb'\[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] "')
LONGEST_LINE = 1 << 16  # what is longer is read in pieces, so that no line fills the memory
MONTHS = {name: number for number, name in enumerate(b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}

# Every browser that people use calls itself one of these; libraries, link previews and most robots do not.
BROWSER = re.compile(rb"(?:Mozilla|Opera|Lynx|w3m|E?Links)\b")
# Robots that call themselves Mozilla too say what they are, give an address to complain to, or claim to be compatible,
# which of browsers only the Internet Explorer did. A Cubot is a telephone.
ROBOT = re.compile(
    rb"(?<!cu)bot|crawl|spider|slurp|preview|headless|lighthouse|monitor|https?:|compatible;(?! MSIE)", re.IGNORECASE
)


def lines(file: BufferedReader) -> Iterator[bytes]:
    """The finished lines of a log, unpacked where it is packed; one that is still being written is left for later."""
    is_packed = file.peek(2)[:2] == b"\x1f\x8b"
    with gzip.open(file) if is_packed else nullcontext(file) as log:
        for line in iter(partial(log.readline, LONGEST_LINE), b""):
            if line.endswith(b"\n") or len(line) == LONGEST_LINE:
                yield line


def is_request(line: bytes) -> bool:
    return REQUEST.search(line) is not None


def read_in(line: bytes) -> tuple[str, date] | None:
    """The path of the page that a person read, and the month; None for anything else.

    The month is that of the log's own clock. Where the log does not name browsers, nobody is taken for a robot.
    """
    found = READ.search(line)
    if not found or not is_person(found["agent"]):
        return None
    month = first_day(found["month"])
    return (found["path"].decode("latin-1"), month) if month else None


@lru_cache(500)
def is_person(agent: bytes | None) -> bool:
    return agent is None or (BROWSER.match(agent) is not None and not ROBOT.search(agent))


@lru_cache
def first_day(month: bytes) -> date | None:
    """Of a month as a log writes it: Aug/2017."""
    name, _, year = month.partition(b"/")
    return date(int(year), MONTHS[name], 1) if name in MONTHS and int(year) else None
