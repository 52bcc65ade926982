"""The whole list as a table."""

import json
from collections.abc import Iterator

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from research_hub.languages.text import current

from ..spreadsheet import MOST_AT_ONCE, pieces
from ..sync import chunks
from .base import Twin
from .rows import Row, rows_at

MOST_ROWS = 50_000


class Table(Twin):
    """Sent while it is read, and so not kept."""

    file, mime, label = "list.csv", "text/csv", "CSV"
    about = gettext_lazy("The whole list as a table, for spreadsheets and statistics.")

    def respond(self):
        rows = table_rows(self.keys(0, MOST_ROWS), current())
        return StreamingHttpResponse(
            pieces(titles(), rows),
            content_type="text/csv; charset=utf-8; header=present",
            headers={"Content-Disposition": content_disposition_header(True, f"{self.name}.csv")},
        )

    @property
    def name(self) -> str:
        return self.page.request.path.rstrip("/").rpartition("/")[2]

    def get_own_path(self):
        return ""


def titles() -> list[str]:
    return [
        _("Date"), _("Last day"), _("Type"), _("Title"), _("Language"), _("Authors"), _("Summary"), _("Recordings"),
        _("State"), _("Address"), _("Permanent address"), _("Last change"),
    ]  # fmt: skip


def table_rows(keys: list[int], language: str) -> Iterator[list[str]]:
    """The lines of the table. The page's language has ended when they are sent, so nothing is translated here; and
    the cards that pages show stay in memory, so these are not added to them."""
    for chunk in chunks(keys, MOST_AT_ONCE):
        yield from (cells(row, language) for row in rows_at(chunk, language, read=json.loads))


def cells(row: Row, language: str) -> list[str]:
    card = row.card
    return [
        card["datetime"], row.until.isoformat() if row.until else "", card["type"], card["title"],
        row.language(language), card["byline"], card["summary"], ", ".join(card["media"]), card["state"],
        row.url, row.permanent_url, row.changed_at.isoformat(timespec="seconds"),
    ]  # fmt: skip
