"""What a monitor counts: requests, pages that are kept, the database; as Prometheus reads it.

With several workers, PROMETHEUS_MULTIPROC_DIR names the folder in which prometheus-client adds up what each counts.
"""

from functools import lru_cache
from hmac import compare_digest
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from research_hub.editorial.proxies import client_address

from .figures import Figures

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

REQUESTS = Counter("research_hub_requests", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram("research_hub_request_seconds", "Until an answer began to be sent.", ["route"], buckets=BUCKETS)
KEPT = Counter("research_hub_kept_pages", "Public pages: as they were kept, unchanged (304), or made anew.", ["came"])
DATABASE_ERRORS = Counter("research_hub_database_errors", "Queries and connections that failed.", ["error"])
SLOW_QUERIES = Counter("research_hub_slow_queries", "Queries that took SLOW_QUERY_MS or longer.")


@lru_cache(4_096)
def counters(method: str, route: str, status: int):
    return REQUESTS.labels(method, route, status).inc, SECONDS.labels(route).observe


@lru_cache(8)
def counter_of_kept(came: str):
    return KEPT.labels(came).inc


def count(method: str, route: str, status: int, seconds: float, came: str) -> None:
    answered, took = counters(method, route, status)
    answered()
    took(seconds)
    if came:
        counter_of_kept(came)()


def page(request):
    """For a monitor that is named in the settings; for anybody else there is nothing at this address."""
    if not (is_from_monitor(request) or has_token(request)):
        return None
    registry = CollectorRegistry()
    if settings.PROMETHEUS_MULTIPROC_DIR:
        MultiProcessCollector(registry, settings.PROMETHEUS_MULTIPROC_DIR)
    else:
        registry.register(REGISTRY)
    registry.register(Figures())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def is_from_monitor(request) -> bool:
    address = client_address(request)
    return bool(address) and any(ip_address(address) in ip_network(network) for network in settings.METRICS_FROM)


def has_token(request) -> bool:
    given = request.META.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
    return bool(settings.METRICS_TOKEN) and compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
