from django.apps import AppConfig


class FrontDoorConfig(AppConfig):
    name = "research_hub"
