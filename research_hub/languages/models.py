from django.db import models


class OldSlug(models.Model):
    """An address that a record once had, in one language: it leads to the one the record has now.

    It names the record and not an address, so that there are no chains and no loops.
    """

    model = models.CharField(max_length=100)  # as in "topics.topic"
    record = models.BigIntegerField()
    language = models.CharField(max_length=2)
    slug = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "language", "slug"], name="an_old_slug_leads_to_one_record")
        ]

    def __str__(self):
        return f"{self.model}: {self.slug}"
