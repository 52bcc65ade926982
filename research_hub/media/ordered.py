from django.db import models
from django.utils.translation import gettext_lazy as _


class InOrderQuerySet(models.QuerySet):
    def in_order(self):
        return self.order_by("position", "pk")


class InOrder(models.Model):
    """A row that an editor has put in its place among others."""

    position = models.PositiveSmallIntegerField(_("position"), default=0)

    # What makes it the same row in two versions of the record it belongs to: these columns, or else the next ones.
    same_by: list[tuple[str, ...]] = []
    objects = InOrderQuerySet.as_manager()

    class Meta:
        abstract = True
