"""Names in a row, as a byline prints them."""

import re
import unicodedata

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

SHOWN = 4


def conjunction(language: str, following: str) -> str:
    """Spanish “y” becomes “e” before the sound of i: Ana e Inés, but agua y hielo."""
    plain = unicodedata.normalize("NFKD", following).casefold().replace("\u0301", "")
    if language == "es":
        return "e" if re.match(r"h?i(?![aeou])", plain) else "y"
    return "and"


def join_names(names: list[str], language: str) -> str:
    """All of them where they are few, else the first and how many more."""
    if len(names) > SHOWN:
        with override(language):
            more = len(names) - SHOWN + 1
            rest = ngettext("%(count)d other", "%(count)d others", more) % {"count": more}
            return _("%(names)s and %(rest)s") % {"names": ", ".join(names[: SHOWN - 1]), "rest": rest}
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {conjunction(language, names[-1])} {names[-1]}"
