import secrets

from django.db.models import Q
from django.utils.text import slugify

from .models import OldSlug
from .text import LANGUAGES

UID_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"  # none that are mistaken for one another
LONGEST = 80


def new_uid() -> str:
    """Ten letters that name a record for ever; too many to guess, few enough to read out."""
    return "".join(secrets.choice(UID_LETTERS) for _ in range(10))


def free_slug(record, words: str) -> str:
    """A slug made from the words that no other record of the model has, in either language."""
    stem = slugify(words)[:LONGEST].strip("-") or new_uid()
    slug, number = stem, 1
    while slug_is_taken(record, slug):
        number += 1
        slug = f"{stem}-{number}"
    return slug


def slug_is_taken(record, slug: str) -> bool:
    """Whether it is, or once was, the slug of another record of the model."""
    anywhere = Q()
    for column in slug_columns(record):
        anywhere |= Q(**{column: slug})
    rivals = record.rivals()
    left = OldSlug.objects.filter(model=record._meta.label_lower, slug=slug).values("record")
    return rivals.filter(anywhere | Q(pk__in=left)).exists()


def slug_columns(record) -> list[str]:
    """One for each language, or one for both where the address is the same in them."""
    translated = [f"slug_{language}" for language in LANGUAGES]
    return translated if hasattr(record, translated[0]) else ["slug"]
