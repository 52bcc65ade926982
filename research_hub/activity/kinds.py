"""What can stand in the list, and whose lists there are: filled by the content apps when they start."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

BITS = 3  # of a number, for its code: eight kinds and eight sorts of list at most


@dataclass(frozen=True)
class Kind:
    """A sort of entry. Its code is kept in the database: never give a used one away.

    `types` is the model of the types that its entries are of, each with a code, a name and a plural; or None.
    """

    code: int
    name: str
    plural: str | Promise
    model: Any
    types: Any = None

    def number(self, pk: int) -> int:
        """What an entry of this kind is called in the read model: the same after every rebuild."""
        return pk << BITS | self.code


@dataclass(frozen=True)
class Owner:
    """A sort of record that has a list of its own, such as a topic.

    A list that may hold many thousands is counted by month, so that any stretch of it is summed from few
    numbers; one that stays small is cheaper to read than to count.
    """

    code: int
    name: str
    model: Any
    by_month: bool


KINDS: dict[str, Kind] = {}
OWNERS: dict[str, Owner] = {}
COUNTED_BY_MONTH = {0}  # codes of owners; 0 is the list of everything, which has none


def _add(registry: dict, thing: Kind | Owner) -> None:
    clash = [known for known in registry.values() if known.code == thing.code and known.name != thing.name]
    if clash or not 0 < thing.code < 1 << BITS:
        raise ValueError(f"{thing.name}: code {thing.code} is taken or out of range")
    registry[thing.name] = thing


def register_kind(kind: Kind) -> None:
    _add(KINDS, kind)


def register_owner(owner: Owner) -> None:
    _add(OWNERS, owner)
    if owner.by_month:
        COUNTED_BY_MONTH.add(owner.code)


def kind_of(entry) -> Kind:
    return KINDS[entry._meta.model_name]


def kind_by_code(code: int) -> Kind:
    return next(kind for kind in KINDS.values() if kind.code == code)


def is_counted_by_month(number: int) -> bool:
    return number & (1 << BITS) - 1 in COUNTED_BY_MONTH
