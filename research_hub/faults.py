"""What is said where the site itself fails: it is away for a moment, a disk is full, or it is our fault."""

import errno
import sys
from collections.abc import Iterator

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language_from_path, gettext_lazy

from research_hub.languages.text import LANGUAGES

AWAY, FULL, OURS = 503, 507, 500
RETRY_AFTER = 30  # seconds
TOLD = {
    AWAY: gettext_lazy("The site cannot answer at the moment. Try again in half a minute."),
    FULL: gettext_lazy("There is no room left to store this. Nothing was saved."),
    OURS: gettext_lazy("Something went wrong. The fault is ours."),
}
# Of PostgreSQL's errors, by how their codes begin: the connection, resources, a lock, the operator (or a time-out)
PASSING = ("08", "53", "55P03", "57")
NO_ROOM = ("53100",)
# SQLite has one class for them and for what is no passing fault, as a column that is missing
PASSING_ON_SQLITE = ("locked", "busy", "unable to open", "disk i/o")


def server_error(request: HttpRequest) -> HttpResponse:
    """The answer to an exception that nobody caught; Django calls it while that is being handled."""
    status = status_of(sys.exc_info()[1])
    if request.path_info.startswith("/api/"):
        response: HttpResponse = JsonResponse({"errors": [{"field": "", "message": str(TOLD[status])}]}, status=status)
    else:
        own = get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        languages = sorted(LANGUAGES, key=lambda code: code != own)  # both, that of the address first
        response = HttpResponse(render_to_string(f"{status}.html", {"languages": languages}), status=status)
    response["Cache-Control"] = "no-store"
    if status == AWAY:
        response["Retry-After"] = str(RETRY_AFTER)
    return response


def status_of(error: BaseException | None) -> int:
    errors = list(chain_of(error))
    if any(map(has_no_room, errors)):
        return FULL
    return AWAY if any(map(is_passing, errors)) else OURS


def chain_of(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what led to it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def is_passing(error: BaseException) -> bool:
    """Whether the database was away or overburdened, and may answer the next time."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    cause = error.__cause__
    if hasattr(cause, "sqlstate"):
        return cause.sqlstate is None or cause.sqlstate.startswith(PASSING)
    return any(words in str(error).lower() for words in PASSING_ON_SQLITE)


def has_no_room(error: BaseException) -> bool:
    """Whether a disk is full, that of the files or that of the database."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    return getattr(error, "sqlstate", None) in NO_ROOM or "disk is full" in str(error)
