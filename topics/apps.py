from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from research_hub.activity.kinds import Owner, register_owner
from research_hub.media.places import register_place


class TopicsConfig(AppConfig):
    name = "topics"
    verbose_name = _("Topics")

    def ready(self):
        topic, region = self.get_model("Topic"), self.get_model("Region")
        register_owner(Owner(topic.list_code, "topic", topic, by_month=True))
        register_owner(Owner(region.list_code, "region", region, by_month=True))
        register_place(topic, "image", topic.objects.all)
