"""What had better be looked at in a record, beside what was guessed: slips that real collections are full of."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from research_hub.editorial.proofreading import broken_piece, is_shouted
from research_hub.languages.text import LANGUAGES, other

from .typed import Typed


def remarks_on(typed: Typed) -> Iterator[str]:
    fields = typed.snapshot["fields"]
    if fields["date_lo"] is None:
        yield _("It has no date.")
    for language in LANGUAGES:
        for name in ("title", "summary", "body"):
            if piece := broken_piece(fields[f"{name}_{language}"]):
                yield _("Letters were lost or read in a wrong encoding: %s") % piece
        if is_shouted(fields[f"title_{language}"]):
            yield _("Its title is in capitals.")
    original, translated = typed.language, other(typed.language)
    for name, label in (("title", _("title")), ("summary", _("summary"))):
        words = fields[f"{name}_{translated}"]
        if words and words == fields[f"{name}_{original}"]:
            yield _("The same in both languages: %s") % label
