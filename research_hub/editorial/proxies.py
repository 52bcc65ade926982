"""Where a request comes from: what a proxy forwards is believed only of a proxy."""

from functools import lru_cache
from ipaddress import ip_address, ip_network

from django.conf import settings

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT")


@lru_cache(maxsize=1000)
def is_proxy(peer: str, networks: tuple[str, ...]) -> bool:
    """Whether one of our proxies is at this address; whoever comes by a socket of the machine has none."""
    if not peer:
        return True
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    return any(address in ip_network(network) for network in networks)


def is_forwarded(request) -> bool:
    """Whether it was sent on by a proxy whose word counts."""
    peer = request.META.get("REMOTE_ADDR", "")
    return settings.BEHIND_PROXY and is_proxy(peer, tuple(settings.TRUSTED_PROXIES))


def client_address(request) -> str | None:
    """Whose request it is. Each proxy adds at the end whom it was asked by; what stands before, anybody may invent."""
    told = request.META.get("REMOTE_ADDR", "")
    if is_forwarded(request):
        chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        told = chain[-settings.PROXY_COUNT] if len(chain) >= settings.PROXY_COUNT and chain[0] else told
    try:
        return str(ip_address(told))
    except ValueError:
        return None


def forget_what_others_forward(request) -> None:
    """Take away the headers of a proxy where none has sent them."""
    if settings.BEHIND_PROXY and not is_forwarded(request):
        for name in FORWARDED:
            request.META.pop(name, None)
