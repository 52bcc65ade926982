from django.urls import path
from django.utils.translation import gettext_lazy as _

from . import views

urlpatterns = [
    path(_("publications/<slug:slug>/"), views.PublicationDetail.as_view(), name="publication_detail"),
    path(_("authors/"), views.AuthorList.as_view(), name="author_list"),
    path(_("authors/<slug:slug>/"), views.AuthorDetail.as_view(), name="author_detail"),
    path(_("series/<slug:slug>/"), views.SeriesDetail.as_view(), name="series_detail"),
]
