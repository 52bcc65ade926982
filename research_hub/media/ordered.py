from django.db import models
from django.utils.translation import gettext_lazy as _


class InOrderQuerySet(models.QuerySet):
    def in_order(self):
        return self.order_by("position", "pk")


class InOrder(models.Model):
    """A row that an editor has put in its place among others."""

    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = InOrderQuerySet.as_manager()

    class Meta:
        abstract = True
