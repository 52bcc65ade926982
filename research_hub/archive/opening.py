"""Reading an archive that somebody sent: nothing in it is believed before it was looked at."""

import hashlib
import json
import math
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.conf import settings

from research_hub.languages.text import LANGUAGES

from .export import BLOCK
from .format import FOLDERS, LABELS, MANIFEST, MEMBER, NAME, RECORDS, VERSION, file_of

MOST_MEMBERS = 500_000
LONGEST_LINE = 32 * 1024 * 1024
LONGEST_MANIFEST = 256 * 1024 * 1024
SMALL = 1024 * 1024  # what is no larger cannot be a bomb
MOST_RATIO = 400  # to which our own records are never packed
ENCRYPTED = 1


class Refused(Exception):
    """Why an archive is not taken in: which file of it, and which line."""

    def __init__(self, words: str, file: str = "", line: int = 0):
        place = f"{file}, line {line}: " if line else f"{file}: " if file else ""
        super().__init__(f"{place}{words}")


class Archive:
    """An archive whose members are what the manifest says, by name; their content is looked at when it is read."""

    def __init__(self, zip_file: ZipFile):
        self._zip = zip_file
        infos = zip_file.infolist()
        if len(infos) > MOST_MEMBERS:
            raise Refused(f"It has {len(infos)} members; at most {MOST_MEMBERS} are taken in.")
        self._members: dict[str, ZipInfo] = {}
        for info in infos:
            look_at(info)
            if info.filename in self._members:
                raise Refused("It is in the archive twice.", info.filename)
            self._members[info.filename] = info
        self.manifest = self._read_manifest()
        self._compare()

    @property
    def files(self) -> dict[str, dict]:
        return self.manifest["files"]

    @property
    def passwords(self) -> bool:
        return self.manifest["passwords"]

    def count(self) -> int:
        return sum(told["count"] for told in self.manifest["records"].values())

    def blocks(self, name: str) -> Iterator[bytes]:
        """The content of a file that somebody uploaded, checked against its sum at the end."""
        told, summed = self.files[name], hashlib.sha256()
        for block in self._blocks(f"files/{name}"):
            summed.update(block)
            yield block
        if summed.hexdigest() != told["sha256"]:
            raise Refused("Its checksum is not the one of the manifest.", f"files/{name}")

    def records(self, label: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """The lines of a model, by their numbers."""
        file, summed, count = file_of(label), hashlib.sha256(), 0
        told = self.manifest["records"][file]
        for number, text in enumerate(self._lines(file), start=1):
            summed.update(text)
            count += 1
            yield number, read_line(text, file, number)
        if summed.hexdigest() != told["sha256"]:
            raise Refused("Its checksum is not the one of the manifest.", file)
        if count != told["count"]:
            raise Refused(f"It has {count} records; the manifest says {told['count']}.", file)

    def _lines(self, file: str) -> Iterator[bytes]:
        rest, number = b"", 0
        for block in self._blocks(file):
            *lines, rest = (rest + block).split(b"\n")
            for text in lines:
                number += 1
                if len(text) > LONGEST_LINE:
                    raise Refused("This line is too long.", file, number)
                yield text + b"\n"
            if len(rest) > LONGEST_LINE:
                raise Refused("This line is too long.", file, number + 1)
        if rest:
            raise Refused("The last line was cut off.", file, number + 1)

    def _blocks(self, member: str) -> Iterator[bytes]:
        try:
            with self._zip.open(self._members[member]) as content:
                while block := content.read(BLOCK):
                    yield block
        except (BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise Refused(f"It cannot be unpacked: {error}", member) from error

    def _read_manifest(self) -> dict[str, Any]:
        if MANIFEST not in self._members:
            raise Refused("There is no manifest in it; this is no archive of such a site.")
        if self._members[MANIFEST].file_size > LONGEST_MANIFEST:
            raise Refused("It is too large.", MANIFEST)
        manifest = read_line(b"".join(self._blocks(MANIFEST)), MANIFEST, 0)
        if manifest.get("format") != NAME:
            raise Refused(f"Its format is not “{NAME}”.", MANIFEST)
        if manifest.get("version") != VERSION:
            words = f"Its format has the version {manifest.get('version')}; this site reads version {VERSION}."
            raise Refused(f"{words} Take it in with the release that wrote it, then upgrade.", MANIFEST)
        if manifest.get("languages") != list(LANGUAGES):
            raise Refused(f"Its languages are not {', '.join(LANGUAGES)}.", MANIFEST)
        if not is_manifest(manifest):
            raise Refused("It does not say what docs/archive.md asks of it.", MANIFEST)
        return manifest

    def _compare(self) -> None:
        """The members, against the manifest and against what a site has."""
        records = self.manifest["records"]
        for file in sorted(records.keys() - LABELS.keys()):
            raise Refused("This site has no such records.", file)
        for label in RECORDS:
            if file_of(label) not in records:
                raise Refused("It is not in the archive.", file_of(label))
        told = {MANIFEST, *records, *(f"files/{name}" for name in self.files)}
        for member in sorted(self._members.keys() - told):
            raise Refused("It is in the archive, but not in the manifest.", member)
        for member in sorted(told - self._members.keys()):
            raise Refused("It is in the manifest, but not in the archive.", member)
        for name in self.files:
            size = self._members[f"files/{name}"].file_size
            if size > settings.UPLOAD_MAX_BYTES:
                raise Refused(f"It has {size} bytes; at most UPLOAD_MAX_MB can be uploaded.", f"files/{name}")
        needed = sum(self._members[f"files/{name}"].file_size for name in self.files)
        free = shutil.disk_usage(existing(Path(settings.MEDIA_ROOT))).free
        if needed > free:
            raise Refused(f"Its files have {needed} bytes; {free} are free.")


def existing(folder: Path) -> Path:
    return folder if folder.exists() else existing(folder.parent)


def look_at(info: ZipInfo) -> None:
    """Raise Refused unless the member may be opened."""
    name = info.filename
    if not MEMBER.fullmatch(name):
        raise Refused("No archive has a member of this name.", repr(name)[1:-1])
    if info.flag_bits & ENCRYPTED or info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise Refused("It is packed in a way that no archive is.", name)
    if info.file_size > SMALL and info.file_size > MOST_RATIO * info.compress_size:
        raise Refused(f"It grows to more than {MOST_RATIO} times its size.", name)


SUM = {"sha256": str, "bytes": int}


def is_manifest(manifest: dict[str, Any]) -> bool:
    records, files, missing = (manifest.get(name) for name in ("records", "files", "missing"))
    return (
        manifest.keys() == {"format", "version", "languages", "passwords", "records", "files", "missing"}
        and isinstance(manifest["passwords"], bool)
        and is_table(records, SUM | {"count": int})
        and is_table(files, SUM)
        and isinstance(missing, list)
        and all(isinstance(name, str) and is_file(name) for name in [*files, *missing])
    )


def is_table(rows: Any, columns: dict[str, type]) -> bool:
    return isinstance(rows, dict) and all(
        isinstance(row, dict)
        and row.keys() == columns.keys()
        and all(type(row[name]) is kind for name, kind in columns.items())
        for row in rows.values()
    )


def is_file(name: str) -> bool:
    return name.partition("/")[0] in FOLDERS and MEMBER.fullmatch(f"files/{name}") is not None


def read_line(text: bytes, file: str, number: int) -> dict[str, Any]:
    try:
        record = json.loads(text.decode("utf-8"), object_pairs_hook=each_once, parse_constant=refuse_constant)
        refuse_unstorable(record)
    except (ValueError, RecursionError) as error:
        raise Refused(f"This is no JSON that a site can hold: {error}", file, number) from error
    if not isinstance(record, dict):
        raise Refused("This is no JSON object.", file, number)
    return record


def each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in an object")
    return found


def refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def refuse_unstorable(value: Any) -> None:
    """What one database or the other cannot hold."""
    if isinstance(value, str):
        if "\0" in value:
            raise ValueError("a text with a zero byte")
        value.encode("utf-8")  # UnicodeEncodeError, a ValueError, at half a character
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError("a number without an end")
    elif isinstance(value, dict):
        for name, held in value.items():
            refuse_unstorable(name)
            refuse_unstorable(held)
    elif isinstance(value, list):
        for held in value:
            refuse_unstorable(held)


def opened(path: Path) -> ZipFile:
    try:
        return ZipFile(path)
    except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Refused(f"{path.name} is no zip file, or it was cut off: {error}") from error
