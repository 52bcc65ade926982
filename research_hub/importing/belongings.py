"""What records refer to beside words: their authors, files and pictures, found here or made."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import PurePosixPath

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db.models import ManyToOneRel
from django.utils import translation
from django.utils.crypto import salted_hmac

from events.models import EventDownload
from publications.merging import in_batches, rows_of_authors
from publications.models import Author, PublicationDownload
from research_hub.languages.slugs import give_slugs
from research_hub.media.images import SUFFIXES, upright_copy
from research_hub.media.models import Image

from .attachments import Attached, Attachments
from .known import Known
from .records import Name
from .understand import folded, name_key, printed_name, sorted_name

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
        self.made: dict[tuple[str, str], int] = {}  # authors by name and ORCID
        self.unused: set[int] = set()  # those of them that no record has taken yet

    def take_added(self) -> dict[str, list]:
        added, self.added = dict(self.added), defaultdict(list)
        return added

    def make_authors(self, people: Iterable[Name]) -> None:
        """Those of these who are not here, all at once, as if each was met after the other."""
        lacking: dict[int, tuple[Name, Author]] = {}  # by numbers that stand for those they are going to have
        for person in people:
            if not self.own_author(person):
                author, number = new_author(person), -len(lacking) - 1
                lacking[number] = person, author
                self.learn(number, person, author)
        authors = [author for _person, author in lacking.values()]
        give_slugs(authors, "name")
        with translation.override(settings.LANGUAGE_CODE):
            Author.objects.bulk_create(authors)
        for number, (person, author) in lacking.items():
            self.known.forget_author(number, author.name)
            self.learn(author.pk, person, author)
            self.unused.add(author.pk)

    def learn(self, number: int, person: Name, author: Author) -> None:
        self.made[name_key(person.name), person.orcid] = number
        self.known.learn_author(number, author.orcid, [author.name])

    def own_author(self, person: Name) -> int | None:
        return self.known.find_author(person) or self.made.get((name_key(person.name), person.orcid))

    def author(self, person: Name) -> int:
        """One who is here or was made by `make_authors`."""
        found = self.own_author(person)
        if found in self.unused:
            self.unused.discard(found)
            self.added["authors"].append(found)
        return found

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


def new_author(person: Name) -> Author:
    name = printed_name(person.name)
    is_body = bool(ORGANISATION & set(folded(name).split()))
    author = Author(
        name=name[:LONGEST],
        sort_name=(name if is_body else sorted_name(person.name))[:LONGEST],
        kind=Author.Kind.ORGANISATION if is_body else Author.Kind.PERSON,
        orcid=person.orcid,
    )
    author.tidy()
    return author


def remove_authors(keys: list[int]) -> None:
    """Those of them to whom nothing leads, and whom nobody has touched here."""
    for some in in_batches(keys):
        of_authors = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Author))
        touched = of_authors.filter(object_id__in=[str(key) for key in some]).values_list("object_id", flat=True)
        needed = set(map(int, touched))
        for model, column in rows_of_authors():
            found = model._base_manager.filter(**{f"{column}__in": some})
            needed.update(found.values_list(f"{column}_id", flat=True))
        Author.objects.filter(pk__in=set(some) - needed, user=None, photo=None, variants=[]).delete()


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
