"""The date of a record, of which tools write the year, the month and the day in columns of their own."""

import re
from datetime import date, datetime
from typing import Any

MONTHS = {
    name[:3]: number
    for names in (
        "january february march april may june july august september october november december",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    )
    for number, name in enumerate(names.split(), 1)
}
NOTHING = re.compile(r"(?:0000-00-00.*|n\.? ?d\.?|s\.? ?f\.?|none|null|undated|no date)?", re.I)


def best(full: list[str], year: str = "", month: str = "", day: str = "") -> str:
    """The date that says most: a full one that does not contradict the year, else the year with what is known of it."""
    full = [text for text in map(str.strip, full) if not NOTHING.fullmatch(text)]
    year = "" if NOTHING.fullmatch(year.strip()) else year.strip()
    known = re.search(r"\d{4}", year)
    for text in full:
        if len(text) > 4 and (not known or known[0] in text):
            return text
    if year and month:
        return joined(year, month, day)
    return (joined_words(year, full) if known else "") or year or next(iter(full), "")


def joined(year: str, month: str, day: str = "") -> str:
    """ISO where the month is one; else as it is written: “1958-69”, “Winter 2004”."""
    number = month_number(month)
    if not re.fullmatch(r"\d{4}", year) or not number:
        return f"{month} {year}".strip()
    if day.isdigit() and 1 <= int(day) <= 31:
        return f"{year}-{number:02}-{int(day):02}"
    return f"{year}-{number:02}"


def joined_words(year: str, full: list[str]) -> str:
    """“SEP 15” or “DEC” beside the year, as Web of Science writes them."""
    for text in full:
        found = re.fullmatch(r"\s*([A-Za-z]{3,9})\.?(?:\s+(\d{1,2}))?\s*", text)
        if found and month_number(found[1]):
            return joined(year, found[1], found[2] or "")
    return ""


def month_number(month: str) -> int:
    month = month.strip().rstrip(".")
    if month.isdigit():
        return int(month) if 1 <= int(month) <= 12 else 0
    return MONTHS.get(month[:3].casefold(), 0) if month.isalpha() else 0


def of_parts(parts: list[Any]) -> str:
    """[2017, 2] is 2017-02."""
    numbers = []
    for part in parts[:3]:
        if not str(part or "").strip().isdigit():
            break
        numbers.append(int(part))
    if not numbers:
        return ""
    return "-".join([f"{numbers[0]:04}", *(f"{number:02}" for number in numbers[1:])])


def iso(moment: date | datetime) -> str:
    """A cell of a spreadsheet: a moment at midnight is a day."""
    if isinstance(moment, datetime):
        return moment.date().isoformat() if moment.time() == moment.time().min else moment.isoformat()
    return moment.isoformat()
