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


def give_slugs(records: list, named_by: str) -> None:
    """A free slug to each of these new records, in each language that it has a name in; two queries a round."""
    lacking = [
        (record, column, slugify(words)[:LONGEST].strip("-") or new_uid())
        for record in records
        for column in slug_columns(record)
        if (words := getattr(record, column.replace("slug", named_by))) and not getattr(record, column)
    ]
    given: set[str] = set()
    number = 1
    while lacking:
        wanted = [stem if number == 1 else f"{stem}-{number}" for _record, _column, stem in lacking]
        taken, left = given | taken_slugs(type(records[0]), set(wanted)), []
        for (record, column, stem), slug in zip(lacking, wanted, strict=True):
            if slug in taken:
                left.append((record, column, stem))
            else:
                setattr(record, column, slug)
                taken.add(slug)
                given.add(slug)
        lacking, number = left, number + 1


def taken_slugs(model, slugs: set[str]) -> set[str]:
    """Which of these are, or once were, slugs of records of the model."""
    columns = slug_columns(model)
    anywhere = Q(*((f"{column}__in", slugs) for column in columns), _connector=Q.OR)
    now = {slug for row in model._base_manager.filter(anywhere).values_list(*columns) for slug in row}
    once = OldSlug.objects.filter(model=model._meta.label_lower, slug__in=slugs).values_list("slug", flat=True)
    return slugs & (now | set(once))


def slug_is_taken(record, slug: str) -> bool:
    """Whether it is, or once was, the slug of another record of the model."""
    anywhere = Q()
    for column in slug_columns(record):
        anywhere |= Q(**{column: slug})
    rivals = record.rivals()
    left = OldSlug.objects.filter(model=record._meta.label_lower, slug=slug).values("record")
    return rivals.filter(anywhere | Q(pk__in=left)).exists()


def slug_columns(record) -> list[str]:
    """Those of a record or a model: one for each language, or one for both where the address is the same in them."""
    translated = [f"slug_{language}" for language in LANGUAGES]
    return translated if hasattr(record, translated[0]) else ["slug"]
