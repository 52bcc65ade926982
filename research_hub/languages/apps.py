from django.apps import AppConfig


class LanguagesConfig(AppConfig):
    name = "research_hub.languages"
