from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from research_hub.activity.twins import listed

from . import views
from .calendar import EventFile

urlpatterns = [
    path(_("events/"), listed(views.EventList, "event_list")),
    path(
        _("events/<slug:slug>/"),
        include(
            [
                path("", views.EventDetail.as_view(), name="event_detail"),
                path("event.ics", EventFile.as_view(), name="event_file"),
            ]
        ),
    ),
]
