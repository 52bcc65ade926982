from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from research_hub.accounts.admin import OwnPassword
from research_hub.activity.twins import listed
from research_hub.activity.twins.explained import Feeds
from research_hub.activity.views import Activity, Search
from research_hub.api.page import Explained
from research_hub.api.v1 import urls as api_urls
from research_hub.editorial.preview import PreviewFile, PreviewFrame, PreviewImage, PreviewPage
from research_hub.editorial.views import EntryByUid, EntryDownload
from research_hub.finding.contact import SecurityTxt
from research_hub.finding.robots import Favicon, Robots
from research_hub.finding.sitemaps import PagesSitemap, SitemapFile, SitemapIndex
from research_hub.media.views import ImageFile

from .views import Home

urlpatterns = [
    path("robots.txt", Robots.as_view(), name="robots"),
    path(".well-known/security.txt", SecurityTxt.as_view(), name="security_txt"),
    path("favicon.ico", Favicon.as_view(), name="favicon"),
    path("sitemap.xml", SitemapIndex.as_view(), name="sitemap_index"),
    path("sitemap-pages.xml", PagesSitemap.as_view(), name="sitemap_pages"),
    path("sitemap-<slug:section>-<int:number>.xml", SitemapFile.as_view(), name="sitemap_file"),
    path("api/v1/", api_urls),
    path("e/<slug:uid>/", EntryByUid.as_view(), name="entry_by_uid"),
    path("files/images/<path:name>", ImageFile.as_view(), name="image_file"),
    path("files/<slug:uid>/<int:pk>/<str:name>", EntryDownload.as_view(), name="entry_download"),
    path("preview/<str:token>/", PreviewFrame.as_view(), name="preview"),
    path("preview/<str:token>/page/", PreviewPage.as_view(), name="preview_page"),
    path("preview/<str:token>/files/<int:place>/", PreviewFile.as_view(), name="preview_file"),
    path("preview/<str:token>/images/<path:name>", PreviewImage.as_view(), name="preview_image"),
    *i18n_patterns(
        path("", Home.as_view(), name="home"),
        path(_("activity/"), listed(Activity, "activity")),
        path(_("search/"), listed(Search, "search")),
        path(_("feeds/"), Feeds.as_view(), name="feeds"),
        path("api/", Explained.as_view(), name="api"),
        path("", include("topics.urls")),
        path("", include("publications.urls")),
        path("", include("events.urls")),
        path("admin/password_change/", admin.site.admin_view(OwnPassword.as_view(), cacheable=True)),
        path("admin/", admin.site.urls),
        prefix_default_language=False,
    ),
]
