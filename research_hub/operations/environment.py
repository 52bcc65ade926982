"""Settings read from the environment: all that is wrong with them is said at once, in sentences.

It extends environs: a value may stand in a file that NAME_FILE names, numbers have bounds, texts may be of a few.
"""

import json
import re
from collections.abc import Callable
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string
from environs import EnvError, EnvNotSetError, FileAwareEnv, ValidationError

RIGHT = {  # by how a value is read: what it must be
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "str": "a text",
    "list": "values separated by commas",
    "dj_db_url": "postgres://user:password@host:5432/name, or sqlite:////folder/file",
    "dj_cache_url": "redis://host:6379/0, or locmem:// for the memory of each process",
    "dj_email_url": "submission://user:password@host:587, smtp://host:25, or console:",
}
SOUND = {  # what its parser lets through
    "dj_db_url": lambda database: are_databases([database]),
    "dj_email_url": lambda mail: "EMAIL_BACKEND" in mail,
}
SECRET = re.compile("KEY|TOKEN|PASSWORD|SECRET|CREDENTIAL|(?<!^SITE)_URL")  # in the name of what is never shown
SHOWN = 80  # characters of a value that was given
ALIKE = 0.85  # as difflib reckons, for a name that is taken for another one misspelt

LEAST_OF_A_KEY, LEAST_LETTERS = 50, 12


class WrongSettings(ImproperlyConfigured):
    """What an operator has to mend, one sentence a line: no traceback would tell more."""


class Environment(FileAwareEnv):
    """Notes what is wrong and goes on with the default, so that `refuse_wrong` can say all of it."""

    def __init__(self):
        super().__init__(strip_whitespace=True)
        self.names: set[str] = set()  # of all that was asked for
        self.wrong: dict[str, str] = {}  # sentences, by name

    def _get_value(self, env_key, default):
        return default if env_key in self.wrong else super()._get_value(env_key, default)

    def insist(self, name: str, is_right: bool, right: str, *, given: str = "") -> None:
        """For what shows only once values are put together."""
        if not is_right:
            self.wrong.setdefault(name, f"{name} is {shown(given) if given else 'wrong'}: it must be {right}.")

    def refuse_wrong(self) -> None:
        if self.wrong:
            many = "A setting is" if len(self.wrong) == 1 else f"{len(self.wrong)} settings are"
            raise WrongSettings("\n".join([f"{many} wrong (docs/settings.md):", *self.wrong.values()]))

    def misspelt(self, given: list[str]) -> dict[str, str]:
        """Which of these variables look like settings misspelt, and like which."""
        known = sorted(self.names | {f"{name}{self.file_suffix}" for name in self.names})
        found = {name: get_close_matches(name.upper(), known, 1, ALIKE) for name in given if name not in known}
        return {name: close[0] for name, close in found.items() if close}


def telling(kind: str) -> Callable[..., Any]:
    """The method of environs that reads such a value, with `least`, `most` and `among` for what bounds it."""
    read = getattr(FileAwareEnv, kind)

    def method(
        self, name, default=..., *args, right: str = "", least=None, most=None, among: tuple = (), check=None, **options
    ):
        self.names.add(name)
        if least is not None or most is not None:
            check, right = between(least, most), right or f"{RIGHT[kind]} {span(least, most)}"
        if among:
            check, right = among.__contains__, right or f"one of {', '.join(among)}"
        if check:
            options["validate"] = holds(check)
        try:
            value = read(self, name, default, *args, **options)
            if kind in SOUND and not SOUND[kind](value):
                raise ValueError
            return value
        except (EnvError, ValueError) as error:
            self.wrong[name] = sentence(self, name, kind, right or RIGHT[kind], error)
            return "" if default is ... else read(self, name, default, *args, **options)

    method.__name__ = kind
    return method


for _kind in RIGHT:
    setattr(Environment, _kind, telling(_kind))


def sentence(env: Environment, name: str, kind: str, right: str, error: Exception) -> str:
    if isinstance(error, EnvNotSetError):
        return f"{name} is not set: it must be {right}."
    try:
        given = env._get_value(name, "")
    except ValueError:
        return f"{name}{env.file_suffix} must name a file that can be read, of text in UTF-8."
    is_secret = kind.startswith("dj_") or SECRET.search(name)
    return f"{name} is {'wrong' if is_secret else shown(given)}: it must be {right}."


def shown(given: str) -> str:
    cut = given if len(given) <= SHOWN else f"{given[:SHOWN]}…"
    return json.dumps(cut, ensure_ascii=True) if given else "empty"


def between(least, most) -> Callable[[Any], bool]:
    return lambda value: (least is None or value >= least) and (most is None or value <= most)


def span(least, most) -> str:
    if least is None or most is None:
        return f"of at most {most}" if least is None else f"of at least {least}"
    return f"from {least} to {most}"


def holds(check: Callable[[Any], bool]) -> Callable[[Any], None]:
    def validate(value):
        if not check(value):
            raise ValidationError("")

    return validate


# What particular values must be

STRONG_KEY = (
    f"at least {LEAST_OF_A_KEY} random characters, as those of "
    "`python3 -c 'import secrets; print(secrets.token_urlsafe(50))'`"
)


def is_strong(key: str) -> bool:
    return len(key) >= LEAST_OF_A_KEY and len(set(key)) >= LEAST_LETTERS and not key.startswith("django-insecure-")


def are_strong(keys: list[str]) -> bool:
    return all(is_strong(key) for key in keys)


def is_site(url: str) -> bool:
    """The address of a whole site: where pages are told to stand, their paths are put behind it."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises for what is no port
    except ValueError:
        return False
    is_bare = parts.path in ("", "/") and not parts.query and not parts.fragment and not parts.username
    return parts.scheme in ("http", "https") and bool(parts.hostname) and is_bare


def is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # zoneinfo raises any of them
        return False
    return True


def are_networks(networks: list[str]) -> bool:
    try:
        return all(ip_network(network) for network in networks)
    except ValueError:
        return False


def database_at(url: str) -> dict[str, Any]:
    return dict(dj_database_url.parse(url.strip()))


def are_databases(described: list[dict[str, Any]]) -> bool:
    """Whether they are of the two that the site knows."""
    return all(database.get("ENGINE", "").endswith(("sqlite3", "postgresql")) for database in described)


def is_class(path: str) -> bool:
    """Whether the dotted path leads to a class that can be loaded; empty is none."""
    try:
        return not path or isinstance(import_string(path), type)
    except Exception:  # a module that is loaded may raise anything
        return False


def can_be_written(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return True
