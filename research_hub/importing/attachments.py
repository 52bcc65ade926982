"""The files that come along with a source, in a folder or a ZIP archive: found by what a record calls them, looked at
like uploads, and never unpacked, written to or asked for over the network."""

import hashlib
import os
import stat
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path, PurePosixPath
from typing import IO
from urllib.parse import unquote, urlsplit
from zipfile import BadZipFile, ZipFile, ZipInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

from research_hub.media.checks import check_document, check_image, check_size

from .models import Batch

MOST_FILES = 100_000  # in one archive or folder
MOST_OF_NAMES = 64 * 1024 * 1024  # bytes of an archive's table of contents, which is read as a whole
IN_MEMORY = 4 * 1024 * 1024  # bytes of a file; a larger one is looked at on the disk
END, END64 = b"PK\x05\x06", b"PK\x06\x06"
ENCRYPTED = 0x1

Parts = tuple[str, ...]


class NotTaken(ValueError):
    """Why a file, or all of what came along, is not taken; in the reader's language."""


@dataclass(frozen=True)
class Attached:
    """A file that passed the checks."""

    digest: str  # of its content
    size: int
    member: str


class Attachments:
    """What came along. A record's name for a file may be an address: it is the one whose path ends like it."""

    def __init__(self, source: Path | File):
        self.archive: ZipFile | None = None
        self.folder = source if isinstance(source, Path) and source.is_dir() else None
        if self.folder is None:
            self.archive = archive_of(source)
        self.by_name: dict[str, list[Parts]] = {}
        self.members: dict[Parts, str] = {}
        for member in self._names():
            self._learn(member)
        self.shared = common_folder(list(self.members))
        self.looked_at: dict[tuple[str, str], Attached | str] = {}

    @classmethod
    def of(cls, batch: Batch) -> "Attachments | None":
        """What came along with a batch. Raises NotTaken where it is there no more."""
        if batch.archive:
            return cls(batch.archive.open("rb"))
        return cls(Path(batch.folder)) if batch.folder else None

    def close(self) -> None:
        if self.archive:
            self.archive.close()

    def _names(self) -> Iterator[str]:
        if self.archive:
            yield from (info.filename for info in self.archive.infolist() if not info.is_dir())
            return
        count = 0
        for here, _folders, names in os.walk(self.folder):  # it follows no link
            for name in names:
                count += 1
                if count > MOST_FILES:
                    raise NotTaken(_("There are more than %d files in it.") % MOST_FILES)
                yield str(Path(here, name).relative_to(self.folder))

    def _learn(self, member: str) -> None:
        parts = parts_of(member)
        if parts:
            self.by_name.setdefault(parts[-1], []).append(parts)
            self.members[parts] = member

    def find(self, ref: str) -> str:
        """The member that a record means. Raises NotTaken where there is none, or no saying which."""
        parts = parts_of(called(ref))
        if not parts or ".." in parts:
            raise NotTaken(_("Refused, as its name leads out of the folder: %s") % ref[:200])
        found = [known for known in self.by_name.get(parts[-1], []) if self._is_the_one(known, parts)]
        longest = max(map(len, found), default=0)
        found = [known for known in found if len(known) == longest]
        if not found:
            raise NotTaken(_("Not among the files that came along: %s") % ref[:200])
        if len(found) > 1:
            raise NotTaken(_("Several of the files that came along have this name: %s") % ref[:200])
        return self.members[found[0]]

    def _is_the_one(self, known: Parts, wanted: Parts) -> bool:
        own = known[len(self.shared) :]
        return wanted[-len(own) :] == own or known[-len(wanted) :] == wanted

    def document(self, ref: str) -> Attached:
        return self._look(ref, check_document)

    def picture(self, ref: str) -> Attached:
        return self._look(ref, check_image)

    def _look(self, ref: str, check: Callable[[File], None]) -> Attached:
        """The file of this name if it is what it should be. Raises NotTaken where it is not."""
        member = self.find(ref)
        if (member, check.__name__) not in self.looked_at:
            self.looked_at[member, check.__name__] = self._checked(member, check)
        found = self.looked_at[member, check.__name__]
        if isinstance(found, str):
            raise NotTaken(f"{found} ({ref[:200]})")
        return found

    def _checked(self, member: str, check: Callable[[File], None]) -> Attached | str:
        try:
            with self.opened(member) as file:
                check_size(file)
                check(file)
                file.seek(0)
                return Attached(hashlib.file_digest(file.file, "sha256").hexdigest(), file.size, member)
        except ValidationError as error:
            return " ".join(error.messages)
        except NotTaken as error:
            return str(error)

    @contextmanager
    def opened(self, member: str) -> Iterator[File]:
        """The file, no more of it than may be uploaded. Raises NotTaken where it cannot be read."""
        refuse_outside(member)
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as copy:
            with self._source(member) as source:
                size = copied(source, copy)
            copy.seek(0)
            file = File(copy, name=PurePosixPath(member).name)
            file.size = size
            yield file

    @contextmanager
    def _source(self, member: str) -> Iterator[IO[bytes]]:
        try:
            if self.archive:
                info = self.archive.getinfo(member)
                refuse_special(info)
                with self.archive.open(info) as source:
                    yield source
            else:
                path = Path(self.folder, member)
                if path.is_symlink() or not path.is_file():
                    raise NotTaken(_("Refused, as it is a link and no file."))
                with path.open("rb") as source:
                    yield source
        except (OSError, EOFError, BadZipFile, zlib.error, NotImplementedError, RuntimeError, KeyError) as error:
            raise NotTaken(_("This file is damaged and cannot be unpacked.")) from error


def archive_of(source: Path | File) -> ZipFile:
    try:
        file = source.open("rb") if isinstance(source, Path) else source
    except OSError as error:
        raise NotTaken(_("The folder or archive of the files is not there: %s") % source) from error
    if size_of_names(file) > MOST_OF_NAMES:
        raise NotTaken(_("There are more than %d files in it.") % MOST_FILES)
    try:
        archive = ZipFile(file)
    except (BadZipFile, OSError, ValueError) as error:
        raise NotTaken(_("The files that come along must be in a folder or in a ZIP archive that is whole.")) from error
    if len(archive.infolist()) > MOST_FILES:
        raise NotTaken(_("There are more than %d files in it.") % MOST_FILES)
    return archive


def size_of_names(file: IO[bytes]) -> int:
    """How large an archive says that its table of contents is; it stands at its end."""
    file.seek(0, os.SEEK_END)
    size = file.tell()
    file.seek(max(0, size - 70_000))
    tail = file.read()
    file.seek(0)
    if (at := tail.rfind(END64)) >= 0:
        return int.from_bytes(tail[at + 40 : at + 48], "little")
    at = tail.rfind(END)
    return int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0


def refuse_outside(member: str) -> None:
    if member.startswith(("/", "\\")) or ".." in member.replace("\\", "/").split("/") or member[1:2] == ":":
        raise NotTaken(_("Refused, as its name leads out of the folder: %s") % member[:200])


def refuse_special(info: ZipInfo) -> None:
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise NotTaken(_("Refused, as it is a link and no file."))
    if info.flag_bits & ENCRYPTED:
        raise NotTaken(_("This file is locked with a password."))
    if info.file_size > settings.UPLOAD_MAX_BYTES:
        refuse_size()


def refuse_size() -> None:
    raise NotTaken(_("This file is larger than what can be uploaded, once unpacked."))


def copied(source: IO[bytes], copy: IO[bytes]) -> int:
    """Whatever an archive says of the size of a file, what comes out of it is counted."""
    size = 0
    while piece := source.read(64 * 1024):
        size += len(piece)
        if size > settings.UPLOAD_MAX_BYTES:
            refuse_size()
        copy.write(piece)
    return size


def called(ref: str) -> str:
    """The path in an address, a stream of Drupal or a name of Windows."""
    ref = ref.strip()
    with suppress(ValueError):
        parts = urlsplit(ref)
        if parts.scheme in ("http", "https", "ftp", "file"):
            return unquote(parts.path)
        if "://" in ref:  # public://reports/water.pdf
            return f"{parts.netloc}{parts.path}"
    return ref


def parts_of(path: str) -> Parts:
    """Its folders and its name, as they are compared: not every system tells large letters from small ones."""
    return tuple(part.casefold() for part in path.replace("\\", "/").split("/") if part not in ("", "."))


def common_folder(paths: list[Parts]) -> Parts:
    """The folders that all of them stand in, which an archive often has of its own."""
    first, last = (min(paths)[:-1], max(paths)[:-1]) if paths else ((), ())
    return tuple(one for one, _two in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False)))
