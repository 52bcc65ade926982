from django.http import HttpResponse
from django.utils.http import content_disposition_header

from research_hub.activity.twins import beside, since_ever
from research_hub.editorial.views import EntryDetail, download_shown
from research_hub.languages.text import current

from .citing import reference_to
from .exports import EXPORTS, Export
from .models import Publication


class CitationFile(EntryDetail):
    """A publication for reference managers: a file beside its page, where there is one."""

    clock = staticmethod(since_ever)
    model = Publication
    together = ("type", "series")
    export: Export = EXPORTS[0]

    def get_redirect(self):
        target = super().get_redirect()
        return target and beside(target, self.export.file)

    def get_context_data(self, **kwargs):
        publication = self.object
        authorships = publication.authorships.in_order().select_related("author")
        downloads = [download_shown(publication, file) for file in publication.downloads.in_order()]
        return {"reference": reference_to(publication, authorships, downloads, current())}

    def render_to_response(self, context, **kwargs):
        reference, export = context["reference"], self.export
        return HttpResponse(
            export.write(reference),
            content_type=f"{export.content_type}; charset=utf-8",
            headers={
                "Content-Disposition": content_disposition_header(True, f"{reference.key}.{export.extension}"),
                "X-Robots-Tag": "noindex",
            },
        )


def ways_to_cite(publication: Publication) -> list[dict]:
    """The files, for the publication's page."""
    page = publication.get_absolute_url()
    return [{"label": export.label, "url": beside(page, export.file)} for export in EXPORTS]
