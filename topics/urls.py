from django.urls import path
from django.utils.translation import gettext_lazy as _

from research_hub.activity.twins import listed

from . import views

urlpatterns = [
    path(_("topics/"), views.TopicList.as_view(), name="topic_list"),
    path(_("topics/<slug:slug>/"), listed(views.TopicDetail, "topic_detail")),
    path(_("regions/"), views.RegionList.as_view(), name="region_list"),
    path(_("regions/<slug:slug>/"), listed(views.RegionDetail, "region_detail")),
]
