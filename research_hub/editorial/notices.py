"""Who is told of what happens to an entry."""


def tell(step: str, entry, *, by, note: str = "") -> None:
    pass
