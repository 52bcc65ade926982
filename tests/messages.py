"""`make messages`: the interface messages of code and templates, the Spanish catalogue brought up to date.

As Django's makemessages and compilemessages, without needing GNU gettext on the machine.
"""

import re
import sys
from io import BytesIO
from pathlib import Path

import polib
from babel.messages.extract import extract
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "research_hub/locale/es/LC_MESSAGES/django.po"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}

Message = tuple[str | None, str, str | None]  # context, message, plural


def sources():
    """Each file with messages, as Python code."""
    for folder in ("research_hub", "topics", "publications", "events"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_text(encoding="utf-8")
    for path in sorted([*ROOT.glob("templates/**/*.html"), *ROOT.glob("templates/**/*.txt")]):
        code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        yield path, "\n".join(line.strip() for line in code.splitlines())


def collect() -> dict[Message, set[str]]:
    """Every message, with the files it stands in."""
    found: dict[Message, set[str]] = {}
    for path, code in sources():
        file = BytesIO(code.encode())
        file.name = str(path)
        for _line, message, _comments, context in extract("python", file, KEYWORDS, options={"encoding": "utf-8"}):
            singular, plural = message if isinstance(message, tuple) else (message, None)
            found.setdefault((context, singular, plural), set()).add(str(path.relative_to(ROOT)))
    return found


def key(entry: polib.POEntry) -> Message:
    return entry.msgctxt, entry.msgid, entry.msgid_plural or None


def update(catalogue: polib.POFile) -> None:
    """Bring the catalogue to exactly the messages there are, keeping what is translated."""
    known = {key(entry): entry for entry in catalogue}
    catalogue.clear()
    for message, files in sorted(collect().items(), key=lambda item: (item[0][1], item[0][0] or "")):
        context, singular, plural = message
        entry = known.get(message) or polib.POEntry(
            msgctxt=context,
            msgid=singular,
            msgid_plural=plural or "",
            msgstr_plural={0: "", 1: ""} if plural else {},
        )
        entry.occurrences = [(file, "") for file in sorted(files)]
        entry.flags = ["python-format"] if re.search(r"%\(?\w", singular) else []
        catalogue.append(entry)


def main() -> int:
    catalogue = polib.pofile(str(CATALOGUE), wrapwidth=100)
    update(catalogue)
    catalogue.save()
    catalogue.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
    for entry in catalogue.untranslated_entries():
        print(f"Not yet in Spanish: {entry.msgid!r} ({entry.occurrences[0][0]})")
    return int(bool(catalogue.untranslated_entries()))


if __name__ == "__main__":
    sys.exit(main())
