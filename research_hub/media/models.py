import hashlib
import secrets
from functools import reduce
from operator import or_
from pathlib import Path

from django.core.files.storage import default_storage
from django.core.validators import FileExtensionValidator, MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from research_hub.activity.sync import touch, writing

from .checks import check_document, check_image, check_size, check_year
from .images import upright_copy
from .ordered import InOrder
from .places import PLACES
from .renditions import TYPES, FocalPictureField


def own_name(folder: str, filename: str) -> str:
    """Where an upload is kept: a name nobody can guess and no uploader chose."""
    return f"{folder}/{secrets.token_hex(16)}{Path(filename).suffix.lower()}"


def image_name(image, filename):
    return own_name("images", filename)


def download_name(download, filename):
    return own_name("downloads", filename)


class ImageQuerySet(models.QuerySet):
    def of_file(self, name: str):
        """That which could have this file: itself, or as a rendition in a folder of its name."""
        if "\0" in name:  # PostgreSQL has no such text
            return self.none()
        folder = "/".join(name.split("/")[:2]).partition(".")[0]
        return self.filter(file__in=[f"{folder}{suffix}" for suffix in TYPES])

    def with_publicity(self):
        """Each says, as `is_public`, whether a public page shows it, of those in PLACES."""
        shown = (Exists(rows().filter(**{field: OuterRef("pk")})) for (_model, field), rows in PLACES.items())
        return self.annotate(is_public=reduce(or_, shown, Q(pk__in=[])))

    def delete(self):
        with writing():
            for image in self:
                discard_later(image.files)
            touch([])
            return super().delete()


class Image(models.Model):
    file = FocalPictureField(
        _("file"),
        upload_to=image_name,
        width_field="width",
        height_field="height",
        validators=[FileExtensionValidator(["jpg", "jpeg", "png", "webp"]), check_size, check_image],
        help_text=_("JPEG, PNG or WebP. It is turned upright and saved anew, so that no camera data is published."),
    )
    alt = models.CharField(
        _("alternative text"),
        max_length=300,
        blank=True,
        help_text=_("What a reader who cannot see the picture should know. Not the file's name."),
    )
    credit = models.CharField(_("credit"), max_length=300, blank=True, help_text=_("Who made it."))
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    focal_x = models.PositiveSmallIntegerField(
        _("focal point, across"),
        default=50,
        validators=[MaxValueValidator(100)],
        help_text=_("Per cent from the left: what must stay in view when the picture is cropped."),
    )
    focal_y = models.PositiveSmallIntegerField(
        _("focal point, down"),
        default=50,
        validators=[MaxValueValidator(100)],
        help_text=_("Per cent from the top."),
    )
    width = models.PositiveIntegerField(_("width"), editable=False, default=0)
    height = models.PositiveIntegerField(_("height"), editable=False, default=0)
    renditions = models.JSONField(default=list, editable=False)  # the names of those that there are

    objects = ImageQuerySet.as_manager()

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        indexes = [models.Index(fields=["file"], name="image_by_file")]  # readers ask for pictures by their files
        constraints = [
            models.CheckConstraint(condition=Q(focal_x__lte=100) & Q(focal_y__lte=100), name="image_focal_point_inside")
        ]

    def __str__(self):
        return self.alt_en or self.alt_es or Path(self.file.name).name

    def save(self, *args, **kwargs):
        before = Image.objects.filter(pk=self.pk).first() if self.pk else None
        if self.file and not self.file._committed:
            self.file, self.renditions = upright_copy(self.file), []
        with writing():
            super().save(*args, **kwargs)
            touch([])
            if before and before.file.name != self.file.name:
                discard_later(before.files)
            transaction.on_commit(self.make_renditions, robust=True)

    def delete(self, *args, **kwargs):
        with writing():
            discard_later(self.files)
            touch([])
            return super().delete(*args, **kwargs)

    @property
    def files(self) -> list[str]:
        """The names of all that is kept of it."""
        return [self.file.name, *self.renditions] if self.file else []

    @property
    def missing(self) -> set[str]:
        """The names of the renditions that it should have and has not."""
        return self.file.by_name().keys() - set(self.renditions) if self.file else set()

    def make_renditions(self):
        """Make what is missing, then say so in the row: until then its pages show what there is."""
        missing, former = self.missing, self.files
        if not missing:
            return
        self.file.make(missing)
        self.renditions = sorted(self.file.by_name())
        with writing():
            same = Image.objects.filter(pk=self.pk, file=self.file.name, focal_x=self.focal_x, focal_y=self.focal_y)
            if same.update(renditions=self.renditions):
                touch([])
                discard_later(former)


def discard_later(files: list[str]) -> None:
    transaction.on_commit(lambda: discard(files), robust=True)


def discard(files: list[str]) -> None:
    """Delete those that no image names: the files of one image, the first of which is the picture itself."""
    named = {name for image in Image.objects.filter(file__in=files[:1]) for name in image.files}
    for name in set(files) - named:
        default_storage.delete(name)


class Download(InOrder):
    """A file to take home; the content app's own model says which entry it belongs to."""

    class Language(models.TextChoices):
        ENGLISH = "en", _("English")
        SPANISH = "es", _("Spanish")

    file = models.FileField(
        _("file"),
        upload_to=download_name,
        validators=[FileExtensionValidator(["pdf"]), check_size, check_document],
        help_text=_("A PDF."),
    )
    language = models.CharField(_("language"), max_length=2, choices=Language)
    label = models.CharField(
        _("label"), max_length=200, blank=True, help_text=_("“Full report”, “Summary”. Empty: “Download”.")
    )
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    embargo_until = models.DateTimeField(
        _("embargo until"),
        null=True,
        blank=True,
        validators=[check_year],
        help_text=_("Until then the page names it and gives it to nobody."),
    )
    bytes = models.PositiveBigIntegerField(_("size in bytes"), editable=False, default=0)
    sha256 = models.CharField(max_length=64, editable=False, default="")

    same_by = [("file",), ("language",)]  # a file that takes another's place takes its address too

    class Meta:
        abstract = True
        verbose_name = _("download")
        verbose_name_plural = _("downloads")

    def __str__(self):
        return self.label_en or self.label_es or self.get_language_display()

    def save(self, *args, **kwargs):
        if self.file and not self.file._committed:
            self.file.seek(0)
            self.bytes, self.sha256 = (
                self.file.size,
                hashlib.file_digest(self.file.file, "sha256").hexdigest(),
            )
            self.file.seek(0)
        super().save(*args, **kwargs)


class MediaLink(InOrder):
    """A recording that stands elsewhere; the content app's own model says which entry it belongs to."""

    class Kind(models.TextChoices):
        VIDEO = "video", _("Video")
        AUDIO = "audio", _("Audio")

    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    url = models.URLField(_("address"), max_length=1000)
    label = models.CharField(_("label"), max_length=200, blank=True)
    duration = models.PositiveIntegerField(
        _("duration"), null=True, blank=True, validators=[MinValueValidator(1)], help_text=_("In seconds.")
    )
    transcript = models.TextField(
        _("transcript"), blank=True, help_text=_("Everything that is said, for readers who cannot hear it.")
    )

    same_by = [("url",)]

    class Meta:
        abstract = True
        verbose_name = _("recording")
        verbose_name_plural = _("recordings")

    def __str__(self):
        return self.label_en or self.label_es or self.get_kind_display()
