from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TranslationConfig(AppConfig):
    name = "research_hub.translation"
    verbose_name = _("Translation")

    def ready(self):
        # They have models, which cannot be imported above.
        desk, own = import_module("research_hub.editorial.desk"), import_module(f"{self.name}.desk")
        desk.OTHERS.append(own.sections)
