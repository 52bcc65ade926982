"""What was put right on an entry's page after readers had met it."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from research_hub.activity.dates import PartialDate, print_date
from research_hub.languages.text import LANGUAGES, current
from research_hub.media.ordered import InOrder, InOrderQuerySet


class CorrectionQuerySet(InOrderQuerySet):
    def newest_first(self):
        return self.order_by("-corrected_on", "position", "pk")


class Correction(InOrder):
    """A dated note to readers; the content app's own model says which entry it belongs to."""

    corrected_on = models.DateField(_("corrected on"), help_text=_("The day on which it was put right."))
    note = models.TextField(
        _("what was corrected"),
        blank=True,
        help_text=_("What was wrong and what is right now, for who has read it before: “Figure 2 was redrawn.”"),
    )

    same_by = [("corrected_on",)]
    objects = CorrectionQuerySet.as_manager()

    class Meta:
        abstract = True
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")

    def __str__(self):
        return print_date(PartialDate.day(self.corrected_on), current())

    def clean(self):
        super().clean()
        if not any(getattr(self, f"note_{language}") for language in LANGUAGES):
            raise ValidationError(_("Say what was corrected, in at least one language."))
        if self.corrected_on and self.corrected_on > timezone.localdate():
            raise ValidationError({"corrected_on": _("A correction is dated on the day it was made, not later.")})
