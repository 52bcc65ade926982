from django.urls import path
from django.utils.translation import gettext_lazy as _

from . import views

urlpatterns = [
    path(_("topics/"), views.TopicList.as_view(), name="topic_list"),
    path(_("topics/<slug:slug>/"), views.TopicDetail.as_view(), name="topic_detail"),
    path(_("regions/<slug:slug>/"), views.RegionDetail.as_view(), name="region_detail"),
]
