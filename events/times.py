"""When an event takes place, as readers of each language say it."""

from datetime import datetime, timedelta

from research_hub.activity.dates import PartialDate, print_date

SPANISH_CITIES = {
    "Athens": "Atenas", "Beirut": "Beirut", "Berlin": "Berlín", "Bogota": "Bogotá", "Brussels": "Bruselas",
    "Cairo": "El Cairo", "Cancun": "Cancún", "Copenhagen": "Copenhague", "Dublin": "Dublín", "Havana": "La Habana",
    "Istanbul": "Estambul", "Jerusalem": "Jerusalén", "Lisbon": "Lisboa", "London": "Londres",
    "Los Angeles": "Los Ángeles", "Merida": "Mérida", "Mexico City": "Ciudad de México", "Moscow": "Moscú",
    "New York": "Nueva York", "Panama": "Panamá", "Paris": "París", "Port-au-Prince": "Puerto Príncipe",
    "Puerto Rico": "Puerto Rico", "Rome": "Roma", "Sao Paulo": "São Paulo", "Stockholm": "Estocolmo",
    "Tokyo": "Tokio", "Tunis": "Túnez", "Vienna": "Viena", "Warsaw": "Varsovia", "Zurich": "Zúrich",
}  # fmt: skip


def print_when(event, language: str) -> str:
    """Days, hours and zone: “August 31, 2017, 6:00–7:30 PM (CDT, UTC−5, Mexico City)”."""
    if not event.starts_at or event.all_day:
        return print_date(event.date, language)
    start, end = event.starts_at.astimezone(event.zone), event.ends_at.astimezone(event.zone)
    zone = f"({print_zone(start, end, place(event.time_zone, language))})"
    if start.date() == end.date():
        return f"{print_day(start, language)}, {print_hours(start, end, language)} {zone}"
    ends = [f"{print_day(moment, language)}, {print_hour(moment, language)}" for moment in (start, end)]
    return f"{' – '.join(ends)} {zone}"


def print_zone(start: datetime, end: datetime, place: str) -> str:
    """What the clocks there are called, how far they are from UTC, and where: twice where they change in between."""
    if place == "UTC":
        return place
    clocks = list(dict.fromkeys(print_clock(moment) for moment in (start, end)))
    return f"{' – '.join(clocks)}, {place}"


def print_clock(moment: datetime) -> str:
    name, offset = moment.tzname(), print_offset(moment)
    if not name.isalpha():
        return offset
    return name if offset == "UTC" else f"{name}, {offset}"  # as GMT, which is the same clock


def print_offset(moment: datetime) -> str:
    """UTC−5, UTC+5:30, UTC."""
    offset = moment.utcoffset()
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    sign = "−" if offset < timedelta(0) else "+"
    return f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "") if offset else "UTC"


def print_day(moment: datetime, language: str) -> str:
    return print_date(PartialDate.day(moment.date()), language)


def print_hour(moment: datetime, language: str) -> str:
    if language == "es":
        return f"{moment:%H:%M} h"
    return f"{moment:%I:%M %p}".lstrip("0")


def print_hours(start: datetime, end: datetime, language: str) -> str:
    if language == "es":
        return f"{start:%H:%M}–{end:%H:%M} h"
    same_half = start.strftime("%p") == end.strftime("%p")
    first = print_hour(start, language).removesuffix(f" {start:%p}") if same_half else print_hour(start, language)
    return f"{first}–{print_hour(end, language)}"


def place(zone: str, language: str) -> str:
    """The city that a zone is named after, in Spanish where that has a name of its own for it."""
    city = zone.rpartition("/")[2].replace("_", " ")
    return SPANISH_CITIES.get(city, city) if language == "es" else city
