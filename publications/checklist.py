"""What a publication must have before readers meet it, beside what every entry must."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from research_hub.editorial.checklist import advisory, blocking
from research_hub.languages.text import LANGUAGES, other

from .models import Authorship

PUBLICATION = "publications.publication"


@blocking(gettext_lazy("Author"), of=PUBLICATION)
def has_an_author(publication):
    if not publication.authorships.filter(role__in=Authorship.PRINTED).exists():
        return _("Name an author; where it is by no person, the institution that answers for it.")


@blocking(gettext_lazy("Date"), of=PUBLICATION, field="date", dated=True)
def is_not_dated_in_the_future(publication, public_on):
    if publication.date_lo and publication.date_lo > public_on:
        return _("This is dated in the future; publish it when the day has come.")


# What cameras, scanners and screens call their files: IMG_1234, foto 3, Screenshot 2017-08-31 at 10.15.
DEVICES = (
    "captura( de pantalla)?|dscf?|dscn|foto|image|imagen|img|mvi|p|photo|picture|pxl|scan|screen ?shot|"
    "unnamed|untitled|whatsapp image"
)
FILE_NAME = re.compile(
    r".*\.(avif|bmp|gif|heic|jpe?g|pdf|png|svg|tiff?|webp)"
    rf"|({DEVICES})[ _(-]*\d[\d _.,:()-]*((at|a las|wa)[\d _.,:()-]+)?([ap]\.? ?m\.?)?"
    r"|\S*_\S*"
    r"|[\W\d]+"
    r"|[0-9a-f-]{16,}",
    re.IGNORECASE,
)


def is_file_name(alt: str) -> bool:
    return bool(FILE_NAME.fullmatch(alt.strip()))


@blocking(gettext_lazy("Alternative text of the cover"), of=PUBLICATION, field="cover")
def cover_is_described(publication):
    if publication.cover is None:
        return ""
    alts = {language: (getattr(publication.cover, f"alt_{language}") or "").strip() for language in LANGUAGES}
    if not alts[publication.source_language]:
        return _("The cover has no alternative text in the language this is written in: say what it shows.")
    for alt in alts.values():
        if alt and is_file_name(alt):
            return _("“%(alt)s” is the name of a file: say what the cover shows.") % {"alt": alt}
    return ""


@advisory(gettext_lazy("Alternative text of the cover"), of=PUBLICATION, field="cover")
def cover_is_described_in_both_languages(publication):
    language = other(publication.source_language)
    is_translated = bool(getattr(publication, f"title_{language}"))
    if publication.cover and is_translated and not getattr(publication.cover, f"alt_{language}"):
        return _("The cover’s alternative text is in one language only.")
