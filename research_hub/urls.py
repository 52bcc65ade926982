from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from research_hub.activity.views import Activity, Search
from research_hub.editorial.accounts import OwnPassword
from research_hub.editorial.preview import PreviewFile, PreviewFrame, PreviewPage
from research_hub.editorial.views import EntryByUid, EntryDownload
from research_hub.media.views import ImageFile

from .views import Home

urlpatterns = [
    path("e/<slug:uid>/", EntryByUid.as_view(), name="entry_by_uid"),
    path("files/images/<str:name>", ImageFile.as_view(), name="image_file"),
    path("files/<slug:uid>/<int:pk>/<str:name>", EntryDownload.as_view(), name="entry_download"),
    path("preview/<str:token>/", PreviewFrame.as_view(), name="preview"),
    path("preview/<str:token>/page/", PreviewPage.as_view(), name="preview_page"),
    path("preview/<str:token>/files/<int:place>/", PreviewFile.as_view(), name="preview_file"),
    *i18n_patterns(
        path("", Home.as_view(), name="home"),
        path(_("activity/"), Activity.as_view(), name="activity"),
        path(_("search/"), Search.as_view(), name="search"),
        path("", include("topics.urls")),
        path("", include("publications.urls")),
        path("", include("events.urls")),
        path("admin/password_change/", admin.site.admin_view(OwnPassword.as_view(), cacheable=True)),
        path("admin/", admin.site.urls),
        prefix_default_language=False,
    ),
]
