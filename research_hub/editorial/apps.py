from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EditorialConfig(AppConfig):
    name = "research_hub.editorial"
    verbose_name = _("Editing")
