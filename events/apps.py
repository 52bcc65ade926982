from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from research_hub.activity.kinds import Kind, register_kind


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("Events")

    def ready(self):
        register_kind(Kind(2, "event", _("Events"), self.get_model("Event")))
