"""When what readers have in the other language was translated."""

from datetime import date

from django.db.models import Max
from django.utils import timezone

from .fingerprint import fingerprint
from .tasks import Verdict, texts_of

MADE = [Verdict.Kind.APPROVED, Verdict.Kind.TYPED]  # the other verdicts are about a translation that was there


def translated_on(entry, language: str) -> date | None:
    """The day of the last translation among its texts in this language, as far as it is known; None for an original."""
    if language == entry.source_language:
        return None
    texts = texts_of(type(entry)).items()
    prints = {fingerprint(getattr(entry, f"{name}_{language}"), is_rich) for name, is_rich in texts} - {""}
    said = Verdict.objects.filter(uid=entry.main.uid, language=language, kind__in=MADE, target_print__in=prints)
    moment = said.aggregate(last=Max("made_at"))["last"]
    return moment and timezone.localdate(moment)
