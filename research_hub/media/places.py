"""Which pages show pictures: filled by the content apps when they start."""

from collections.abc import Callable
from typing import Any

PLACES: dict[tuple[str, str], Callable[[], Any]] = {}


def register_place(model, field: str, public: Callable[[], Any]) -> None:
    """The pages of these rows, all of them public, show the picture that stands in this field of theirs."""
    PLACES[model._meta.label_lower, field] = public
