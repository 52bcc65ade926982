"""Logs: a line of JSON for each thing that happens, or a line for people; what they may hold is said in
docs/operators.md. No line names a person, an address of the network, or what somebody typed into an address."""

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from typing import Any

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

from .asked import asked, route_of

OWN = "research_hub"
PREFIX = f"{OWN}."
REQUESTS = f"{OWN}.requests"
OF_A_REQUEST = ("request_id", "method", "route", "status", "ms", "queries", "database_ms", "came")
FORMS = ("json", "plain")
encode = json.JSONEncoder(separators=(",", ":")).encode

# What PostgreSQL adds to an error is the row that was refused, with names and addresses in it.
VALUES_OF_ROWS = re.compile(r"^(?:DETAIL|CONTEXT|LINE \d+):.*(?:\n\s+\^)?\n?", re.MULTILINE)
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class WhatIsAsked(logging.Filter):
    """Give each record the name of the request, and take the request itself out of it: its path may be a secret."""

    def filter(self, record):
        now = asked.get()
        if now is not None and "request_id" not in record.__dict__:
            record.request_id = now.id
        request = record.__dict__.pop("request", None)
        if hasattr(request, "META"):
            route = record.route = route_of(request)
            if isinstance(record.args, tuple):
                record.args = tuple(route if str(arg).startswith("/") else arg for arg in record.args)
        return True


class OurOwnFaults(logging.Filter):
    """What strangers send amiss is in the log, and alarms nobody: they could do so as often as they like."""

    def filter(self, record):
        return not record.name.startswith("django.security")


class JsonLines(JsonFormatter):
    """One object a line, in ASCII: whatever somebody put into a text, it stays within its quotes and its line."""

    def __init__(self):
        super().__init__(
            ["levelname", "name", "message"],
            rename_fields={"levelname": "level", "name": "logger", "exc_info": "traceback"},
            reserved_attrs=[*RESERVED_ATTRS, "server_time"],
            timestamp="time",
        )

    def format(self, record):
        if record.name != REQUESTS:
            return super().format(record)
        # Nearly all lines are these; made so, one takes a quarter of the time.
        told = {
            "level": record.levelname, "logger": REQUESTS, "message": record.msg,
            **{name: getattr(record, name, None) for name in OF_A_REQUEST},
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
        }  # fmt: skip
        return encode(told)

    def formatException(self, ei):
        return without_values(super().formatException(ei))


class PlainLines(logging.Formatter):
    """For people who look on: the moment, how grave it is, what, and the rest as name=value."""

    def format(self, record):
        moment = datetime.fromtimestamp(record.created, UTC)
        extras = {name: value for name, value in vars(record).items() if name not in KNOWN and value not in ("", None)}
        words = [f"{moment:%H:%M:%S}Z", f"{record.levelname:7}", record.name.removeprefix(PREFIX), record.getMessage()]
        line = " ".join(one_line(word) for word in [*words, *(f"{name}={value}" for name, value in extras.items())])
        if not record.exc_info:
            return line
        told = without_values("".join(traceback.format_exception(*record.exc_info)))
        return "\n".join([line, *(f"    {one_line(row)}" for row in told.splitlines())])


KNOWN = {*RESERVED_ATTRS, "server_time", "message"}


def without_values(told: str) -> str:
    return VALUES_OF_ROWS.sub("", told)


def one_line(text: str) -> str:
    return CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def usual_form(env) -> str:
    """How lines are written where nothing is said: for people where the site is shown or worked on."""
    return "plain" if env.bool("DEMO", False) or env.bool("DEBUG", False) else "json"


def logging_of(form: str, level: str, error_handler: str) -> dict[str, Any]:
    """What Django is to set up: everything to the standard error, and errors to a handler of the operator's as well."""
    handlers: dict[str, Any] = {
        "console": {"class": "logging.StreamHandler", "formatter": form, "filters": ["what_is_asked"]}
    }
    if error_handler:
        handlers["errors"] = {"class": error_handler, "level": "ERROR", "filters": ["what_is_asked", "our_own_faults"]}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"what_is_asked": {"()": WhatIsAsked}, "our_own_faults": {"()": OurOwnFaults}},
        "formatters": {"json": {"()": JsonLines}, "plain": {"()": PlainLines}},
        "handlers": handlers,
        "root": {"handlers": list(handlers), "level": "WARNING"},
        "loggers": {
            OWN: {"level": level},
            "django": {"handlers": [], "level": "INFO"},
            "django.request": {"level": "ERROR"},  # what is refused stands in the line of its request
            "django.server": {"handlers": [], "level": "ERROR", "propagate": True},  # as does what was answered
            "axes": {"level": "ERROR"},  # below, it names who logs in, and from where
        },
    }
