"""Reading a page as a visitor does: the rows of its list, its notes, its links."""

from dataclasses import dataclass

from bs4 import BeautifulSoup


@dataclass(frozen=True)
class Row:
    title: str
    url: str
    type: str
    date: str
    lang: str
    badge: str
    media: tuple[str, ...]


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def rows(response) -> list[Row]:
    """The rows of the one list, in order."""
    return [read_row(entry) for entry in soup(response).select("#activity .entry")]


def read_row(entry) -> Row:
    link = entry.select_one("a")
    when = entry.select_one(".when")
    return Row(
        title=words(link),
        url=link["href"],
        type=words(when.select_one(".type")),
        date=words(when.select_one("time") or when.select_one("span")),
        lang=link.get("lang", ""),
        badge=words(entry.select_one(".badge")),
        media=tuple(words(medium) for medium in entry.select(".medium")),
    )


def titles(response) -> list[str]:
    return [row.title for row in rows(response)]


def notes(response) -> str:
    return " ".join(words(note) for note in soup(response).select("#activity .note, #activity .error"))


def count_text(response) -> str:
    return words(soup(response).select_one("#activity .count"))


def words(element) -> str:
    return " ".join(element.get_text(" ").split()) if element else ""
