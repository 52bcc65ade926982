"""Tables as CSV: Excel reads their accents, and no spreadsheet calculates what stands in them."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

MOST_AT_ONCE = 500  # lines of a piece

# What a spreadsheet would calculate, also behind spaces and in the wide forms of East Asian keyboards.
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")


class Line:
    """What csv.writer takes for a file: the line that it writes is the answer."""

    def write(self, line):
        return line


def pieces(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The file, many lines at once."""
    line = csv.writer(Line(), quoting=csv.QUOTE_ALL).writerow
    rows = iter(rows)
    yield "\ufeff" + line(titles)  # the mark by which Excel knows UTF-8
    while piece := "".join(line(map(harmless, row)) for row in islice(rows, MOST_AT_ONCE)):
        yield piece


def harmless(cell: str) -> str:
    """The cell as text, where a spreadsheet would take it for a formula."""
    return f"'{cell}" if FORMULA.match(cell) else cell
