from research_hub.activity.dates import PartialDate, print_date
from research_hub.editorial.views import EntryDetail
from research_hub.languages.text import current

from .translated import translated_on


class TranslatedEntryDetail(EntryDetail):
    """The page of an entry, which says when what it shows was translated, where that is known."""

    def get_context_data(self, **kwargs):
        day = translated_on(self.object, current())
        known = {"date": print_date(PartialDate.day(day), current()), "datetime": day.isoformat()} if day else None
        return super().get_context_data(translated=known, **kwargs)
