"""What records refer to beside words: their authors, files and pictures, found here or made."""

from collections import defaultdict
from pathlib import PurePosixPath

from django.core.files.storage import default_storage
from django.db.models import ManyToOneRel
from django.utils.crypto import salted_hmac

from events.models import EventDownload
from publications.models import Author, PublicationDownload
from research_hub.media.images import SUFFIXES, upright_copy
from research_hub.media.models import Image

from .attachments import Attached, Attachments
from .known import Known
from .records import Name
from .understand import folded, printed_name, sorted_name

NOT_YET = 0  # the key of what is to be made
LONGEST = 300
ORGANISATION = {
    "institute", "institution", "university", "college", "department", "ministry", "agency", "office", "bureau",
    "center", "centre", "council", "association", "foundation", "organization", "organisation", "commission", "group",
    "committee", "instituto", "universidad", "secretaria", "ministerio", "oficina", "centro", "consejo", "asociacion",
    "fundacion", "organizacion", "comision", "comite", "grupo", "red", "network", "laboratory", "company", "society",
}  # fmt: skip
Texts = dict[str, str]


class Belongings:
    """As whoever plans wants them: nothing is made."""

    def __init__(self, known: Known, source: str, attachments: Attachments | None = None):
        self.known, self.source, self.attachments = known, source, attachments

    def author(self, person: Name) -> int:
        return self.known.find_author(person) or NOT_YET

    def document(self, record: str, found: Attached) -> str:
        return f"downloads/{self.own_name(record, found)}.pdf"

    def picture(self, record: str, found: Attached, alt: Texts) -> int:
        stem = f"images/{self.own_name(record, found)}"
        names = [f"{stem}.{suffix}" for suffix in SUFFIXES.values()]
        return Image.objects.filter(file__in=names).values_list("pk", flat=True).first() or NOT_YET

    def own_name(self, record: str, found: Attached) -> str:
        """The same each time the same file of the same record comes, and one that nobody can guess."""
        return salted_hmac("importing", f"{self.source}\0{record}\0{found.digest}").hexdigest()[:32]


class Made(Belongings):
    """As whoever takes records in wants them: what is not here is made. `added` holds what was, for taking it back."""

    def __init__(self, *args):
        super().__init__(*args)
        self.added: dict[str, list] = defaultdict(list)

    def take_added(self) -> dict[str, list]:
        added, self.added = dict(self.added), defaultdict(list)
        return added

    def author(self, person: Name) -> int:
        if found := self.known.find_author(person):
            return found
        name = printed_name(person.name)
        is_body = bool(ORGANISATION & set(folded(name).split()))
        author = Author.objects.create(
            name=name[:LONGEST],
            sort_name=(name if is_body else sorted_name(person.name))[:LONGEST],
            kind=Author.Kind.ORGANISATION if is_body else Author.Kind.PERSON,
            orcid=person.orcid if person.orcid not in self.known.orcids else "",
        )
        self.known.learn_author(author.pk, author.orcid, [name])
        return author.pk

    def document(self, record: str, found: Attached) -> str:
        name = super().document(record, found)
        if not default_storage.exists(name):  # else one that was killed got as far as this
            with self.attachments.opened(found.member) as file:
                name = default_storage.save(name, file)
        self.added["files"].append(name)
        return name

    def picture(self, record: str, found: Attached, alt: Texts) -> int:
        if there := super().picture(record, found, alt):
            return there
        with self.attachments.opened(found.member) as file:
            copy = upright_copy(file)
        name = f"images/{self.own_name(record, found)}{PurePosixPath(copy.name).suffix}"
        if not default_storage.exists(name):
            name = default_storage.save(name, copy)
        image = Image(file=name, **{f"alt_{language}": words for language, words in alt.items()})
        image.save()
        self.added["images"].append(image.pk)
        return image.pk


def remove_images(keys: list[int]) -> None:
    """Those of them that nothing shows."""
    shown = [relation for relation in Image._meta.related_objects if isinstance(relation, ManyToOneRel)]
    for image in Image.objects.filter(pk__in=keys):
        if not any(r.related_model._base_manager.filter(**{r.field.name: image}).exists() for r in shown):
            image.delete()


def unnamed(files: list[str]) -> list[str]:
    """Those of these files that no download names."""
    models = (PublicationDownload, EventDownload)
    named = {name for model in models for name in model.objects.filter(file__in=files).values_list("file", flat=True)}
    return [name for name in files if name not in named]
