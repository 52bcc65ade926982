"""What this site knows already, to find it again under the words of another system."""

from collections import defaultdict
from collections.abc import Iterable

from publications.models import Author, PublicationType, Series
from research_hub.languages.text import LANGUAGES
from topics.models import Region, Topic

from .models import Equivalent
from .records import Name
from .understand import folded, name_key

What = Equivalent.What
TYPE_WORDS = ["code", "ris", "bibtex", "csl", "name_en", "name_es", "plural_en", "plural_es"]
NAMED = {What.TOPIC: Topic, What.REGION: Region, What.SERIES: Series}


class Known:
    """People, subjects and types by every word they go by; read once for an import."""

    def __init__(self, source: str):
        self.said = {
            (said.what, folded(said.word)): said.record for said in Equivalent.objects.filter(source=source).iterator()
        }
        self.words: dict[tuple[str, str], int] = {}
        self._learn_types()
        for what, model in NAMED.items():
            self._learn_names(what, model)
        self.orcids: dict[str, int] = {}
        self.names: dict[str, set[int]] = defaultdict(set)
        for pk, orcid, name, variants in Author.objects.values_list("pk", "orcid", "name", "variants").iterator():
            self.learn_author(pk, orcid, [name, *map(str, variants)])

    def _learn_types(self):
        """The first type in the order of the site wins a word that several share, as RPRT of RIS is."""
        types = PublicationType.objects.order_by("position", "pk").values_list("pk", *TYPE_WORDS)
        for pk, *words in types:
            self._learn(What.TYPE, pk, words)

    def _learn_names(self, what, model):
        columns = [f"{field}_{language}" for field in ("name", "slug") for language in LANGUAGES]
        for pk, *words in model.objects.order_by("pk").values_list("pk", *columns):
            self._learn(what, pk, words)

    def _learn(self, what: str, pk: int, words: Iterable[str | None]):
        for word in filter(None, words):
            self.words.setdefault((what, folded(word)), pk)

    def learn_author(self, pk: int, orcid: str, names: Iterable[str]):
        if orcid:
            self.orcids[orcid] = pk
        for name in names:
            self.names[name_key(name)].add(pk)

    def forget_author(self, number: int, name: str):
        """Of one who was learnt under this number alone, and gets another."""
        self.names[name_key(name)].discard(number)

    def find(self, what: str, word: str) -> int | None:
        """The key of what the word means here; None where nobody knows, or somebody said to leave it out."""
        key = (what, folded(word))
        return self.said[key] if key in self.said else self.words.get(key)

    def is_left_out(self, what: str, word: str) -> bool:
        return self.said.get((what, folded(word)), 0) is None

    def unknown(self, what: str, words: Iterable[str]) -> list[str]:
        """Those of these words that mean nothing here yet."""
        named = dict.fromkeys(word for word in words if word.strip())
        return [word for word in named if self.find(what, word) is None and not self.is_left_out(what, word)]

    def find_author(self, person: Name) -> int | None:
        """By ORCID, by what was said, or by the name where only one bears it; someone else's ORCID is someone else."""
        if person.orcid in self.orcids:
            return self.orcids[person.orcid]
        if said := self.said.get((What.AUTHOR, folded(person.name))):
            return said
        found = self.names.get(name_key(person.name), set())
        if person.orcid:
            found = found - set(self.orcids.values())
        return next(iter(found)) if len(found) == 1 else None
