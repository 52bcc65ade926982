"""Where the records of a source stood: those addresses are to lead to what they became."""

from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

from django.conf import settings

from research_hub.finding.legacy import LegacyAddress, names_a_record, written_alike

from .records import Record


def addresses_of(record: Record, source: str) -> list[str]:
    """As they are kept. The address of a record counts where it is on the site that the source is named for, or on
    ours; of a reference it is often a journal's."""
    found = {address for path in written(record, source) if (address := kept(path))}
    return sorted(found)


def written(record: Record, source: str) -> Iterator[str]:
    yield from record.paths
    with suppress(ValueError):
        if record.url and host(record.url) in {host(settings.SITE_URL), host(source)}:
            yield record.url


def host(address: str) -> str:
    """The name of a site, whether or not it stands in an address."""
    name = urlsplit(address if "://" in address else f"//{address}").hostname or ""
    return name.removeprefix("www.")


def kept(path: str) -> str:
    """In the one form in which old addresses are kept; "" for what leads to no page of its own."""
    path = path.strip()
    try:
        address = written_alike(path if "://" in path or path.startswith("/") else f"/{path}")
    except ValueError:
        return ""
    is_home = address.partition("?")[0] == "/" and not names_a_record(address)
    return "" if is_home or not address.startswith("/") else address


def lead_on(wanted: dict[str, str]) -> dict[str, int]:
    """Make old addresses lead to the entries of these names, wherever they are free; returns the keys of those made."""
    free = LegacyAddress.objects.free(wanted)
    made = LegacyAddress.objects.bulk_create([LegacyAddress(address=address, uid=wanted[address]) for address in free])
    return {row.address: row.pk for row in made}


def elsewhere(addresses: list[str], uid: str) -> list[str]:
    """Those that lead elsewhere, or are pages, and stay so."""
    others = set(addresses)
    if others and uid:
        others -= set(LegacyAddress.objects.filter(address__in=others, uid=uid).values_list("address", flat=True))
    return sorted(others - set(LegacyAddress.objects.free(others))) if others else []


def take_away(keys: list[int], uids: set[str]) -> None:
    """Those that still lead where they were made to lead."""
    LegacyAddress.objects.filter(pk__in=keys, uid__in=uids).delete()
