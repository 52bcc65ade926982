"""How a recording is played on a page: by a player of another site, or as a file. Nothing else is ever framed.

A page holds the player as a `<template>`, which loads nothing; research_hub/static/js/recordings.js puts it in place
when a reader asks for it. A policy for the content of pages needs FRAME_SOURCES and FILE_SOURCES.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, urlencode, urlsplit

from research_hub.activity.twins.podcast import PLAYED

# The players of these sites that keep the least of who watches.
YOUTUBE, VIMEO = "https://www.youtube-nocookie.com", "https://player.vimeo.com"

FRAME_SOURCES = (YOUTUBE, VIMEO)
FILE_SOURCES = ("https:",)  # a file of a recording may stand anywhere

FILMS = {"mp4", "m4v", "webm", "ogv"}

YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")
YOUTUBE_PATHS = {"embed", "live", "shorts", "v"}
VIMEO_ADDRESS = re.compile(r"/(?:channels/[^/]+/|groups/[^/]+/videos/|video/)?(\d+)(?:/([0-9a-f]+))?/?")
START = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?")


@dataclass(frozen=True)
class Player:
    """`element` is "iframe", "audio" or "video"; `host` is whose server is asked once it is on the page."""

    element: str
    src: str
    host: str


def player_of(url: str, kind: str, language: str) -> Player | None:
    """What plays the recording at this address, in a page of this language; None where only a link leads to it."""
    try:
        address = urlsplit(url)
        host = (address.hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return None
    if address.scheme not in ("http", "https"):
        return None
    framed = FRAMES[host](address, language) if host in FRAMES else ""
    if framed:
        return Player("iframe", framed, urlsplit(framed).hostname)
    return file_player(address, kind)


def file_player(address: SplitResult, kind: str) -> Player | None:
    """Only over https: a page that is read so may load nothing else."""
    ending = address.path.rpartition(".")[2].lower()
    if address.scheme != "https" or ending not in FILMS | PLAYED.keys():
        return None
    element = "video" if kind == "video" and ending in FILMS else "audio"
    return Player(element, address.geturl(), address.hostname)


# Sites with a player of their own


def youtube(address: SplitResult, language: str) -> str:
    found, parts = parse_qs(address.query), address.path.strip("/").split("/")
    name = parts[1] if len(parts) > 1 and parts[0] in YOUTUBE_PATHS else found.get("v", [""])[0]
    return youtube_player(name, found, language)


def youtube_short(address: SplitResult, language: str) -> str:
    return youtube_player(address.path.strip("/"), parse_qs(address.query), language)


def youtube_player(name: str, asked: dict[str, list[str]], language: str) -> str:
    if not YOUTUBE_ID.fullmatch(name):
        return ""
    start = seconds_of((asked.get("t") or asked.get("start") or [""])[0])
    options = {"autoplay": 1, "rel": 0, "hl": language} | ({"start": start} if start else {})
    return f"{YOUTUBE}/embed/{name}?{urlencode(options)}"


def vimeo(address: SplitResult, language: str) -> str:
    match = VIMEO_ADDRESS.fullmatch(address.path)
    if not match:
        return ""
    number, unlisted = match[1], match[2] or parse_qs(address.query).get("h", [""])[0]
    options = ({"h": unlisted} if unlisted else {}) | {"dnt": 1, "autoplay": 1}
    return f"{VIMEO}/video/{number}?{urlencode(options)}"


def seconds_of(start: str) -> int:
    """90, 90s, 1m30s, 1h2m3s; 0 for anything else."""
    match = START.fullmatch(start)
    hours, minutes, seconds = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    return hours * 3600 + minutes * 60 + seconds


FRAMES: dict[str, Callable[[SplitResult, str], str]] = {
    "youtube.com": youtube,
    "youtube-nocookie.com": youtube,
    "youtu.be": youtube_short,
    "vimeo.com": vimeo,
    "player.vimeo.com": vimeo,
}
