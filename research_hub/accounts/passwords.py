"""What a password may not be, beside what Django refuses: our own words, and what was stolen elsewhere."""

import re
from hashlib import sha1
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

WORDS = {"research", "hub", "policy", "admin", "editor", "password", "contraseña", "investigación"}
SHORTEST_OF_THEIR_OWN = 8


def our_words() -> list[str]:
    """The longest first, so that none hides in what is left of another."""
    names = [*settings.SITE_NAME.values(), urlsplit(settings.SITE_URL).hostname or ""]
    parts = {part for name in names for part in re.split(r"\W+", name.casefold()) if len(part) > 2}
    given = {word.casefold() for word in settings.PASSWORD_WORDS}
    return sorted(WORDS | parts | given, key=len, reverse=True)


class OurOwnWords:
    """A name of the site, with little beside it, is the first thing that somebody tries who knows the site."""

    def validate(self, password, user=None):
        left = re.sub(r"[\W_]", "", password.casefold())
        for word in our_words():
            left = left.replace(word, "")
        if len(left) < SHORTEST_OF_THEIR_OWN:
            raise ValidationError(self.get_help_text(), code="password_of_our_words")

    def get_help_text(self):
        return _(
            "Words such as the name of the site do not count: at least %(count)d more characters must be your own."
        ) % {"count": SHORTEST_OF_THEIR_OWN}


class Breached:
    """Looks in a list of stolen passwords, where the operator has one; Django's own list of 20,000 is always asked."""

    def __init__(self, path=None):
        self.path = path

    def validate(self, password, user=None):
        path = self.path or settings.BREACHED_PASSWORDS
        if path and is_listed(password, Path(path)):
            raise ValidationError(
                _("This password was stolen from some other site and is in the lists of those who guess."),
                code="password_breached",
            )

    def get_help_text(self):
        return _("It may not be a password that is known to have been stolen.")


def is_listed(password: str, path: Path) -> bool:
    """Whether the file has the SHA-1 of the password at the beginning of a line. The lines are in order, as such lists
    are published (`D6A2…:3861493`), so that some thirty reads find it in any number of them."""
    wanted = sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as file:
        low, high = 0, path.stat().st_size
        while low < high:  # the line wanted, if there is one, begins from low on and before high
            middle = (low + high) // 2
            if middle:
                file.seek(middle - 1)
                file.readline()  # to the first that begins at the middle or after it
            else:
                file.seek(0)
            start, line = file.tell(), file.readline()
            found = line[:40].upper()
            if found == wanted:
                return True
            if not line or found > wanted:
                high = middle
            else:
                low = start + len(line)
    return False
