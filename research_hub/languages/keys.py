"""The numbers of records and pages, as an address or a form gives them."""

LONGEST = 18  # digits of a number that every database knows


def is_number(text: str, digits: int = LONGEST) -> bool:
    """Whether it is a whole number, of so many digits at most."""
    return text.isascii() and text.isdigit() and len(text) <= digits
