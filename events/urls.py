from django.urls import path
from django.utils.translation import gettext_lazy as _

from . import views

urlpatterns = [
    path(_("events/"), views.EventList.as_view(), name="event_list"),
    path(_("events/<slug:slug>/"), views.EventDetail.as_view(), name="event_detail"),
]
