"""When what readers have in the other language was translated."""

from datetime import date
from functools import lru_cache

from django.utils import timezone

from research_hub.activity.prepared import Prepared

from .fingerprint import fingerprint
from .tasks import Verdict, texts_of

MADE = [Verdict.Kind.APPROVED, Verdict.Kind.TYPED]  # the other verdicts are about a translation that was there


def translated_on(entry, language: str) -> date | None:
    """The day of the last translation among its texts in this language, as far as it is known; None for an original."""
    if language == entry.source_language:
        return None
    texts = texts_of(type(entry)).items()
    prints = {fingerprint(getattr(entry, f"{name}_{language}"), is_rich) for name, is_rich in texts} - {""}
    if not prints:
        return None
    padded = [*prints, *[next(iter(prints))] * (len(texts) - len(prints))]  # as many as the query has places for
    made = last_made(len(texts))(entry.main.uid, language, *padded)
    return timezone.localdate(made[0][0]) if made else None


@lru_cache
def last_made(texts: int) -> Prepared:
    """The moment of the last translation that reads like one of so many prints."""

    def said(uid, language, *prints):
        found = Verdict.objects.filter(uid=uid, language=language, kind__in=MADE, target_print__in=prints)
        return found.order_by("-made_at").values_list("made_at")[:1]

    return Prepared(said, *[str] * (2 + texts))
