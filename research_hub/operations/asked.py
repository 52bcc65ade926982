"""What is known of the request that is being answered: by its thread, for the logs and for the counting of queries."""

from contextvars import ContextVar
from time import perf_counter


class Asked:
    """One request: its name in the logs, when it came, and what of the database it has taken so far."""

    __slots__ = ("began", "database_failed", "database_seconds", "id", "queries")

    def __init__(self, id: str):
        self.id, self.began = id, perf_counter()
        self.queries, self.database_seconds, self.database_failed = 0, 0.0, False


asked: ContextVar[Asked | None] = ContextVar("asked", default=None)


def route_of(request) -> str:
    """The name of the address, which tells nothing that the reader wrote into it."""
    match = getattr(request, "resolver_match", None)
    return (match.view_name or match.route or "none") if match else "none"
