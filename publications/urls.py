from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from research_hub.activity.twins import listed

from . import views
from .cite_views import CitationFile
from .exports import EXPORTS

urlpatterns = [
    path(_("publications/"), listed(views.PublicationList, "publication_list")),
    path(
        _("publications/<slug:slug>/"),
        include(
            [
                path("", views.PublicationDetail.as_view(), name="publication_detail"),
                *(path(export.file, CitationFile.as_view(export=export)) for export in EXPORTS),
            ]
        ),
    ),
    path(_("authors/"), views.AuthorList.as_view(), name="author_list"),
    path(_("authors/<slug:slug>/"), listed(views.AuthorDetail, "author_detail")),
    path(_("series/"), views.SeriesList.as_view(), name="series_list"),
    path(_("series/<slug:slug>/"), listed(views.SeriesDetail, "series_detail")),
]
