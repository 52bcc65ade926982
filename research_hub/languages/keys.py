"""The numbers of records, as an address or a form gives them."""


def is_key(text: str) -> bool:
    """Whether it can be one: it is a number, and databases know numbers so large."""
    return text.isascii() and text.isdigit() and len(text) <= 18
