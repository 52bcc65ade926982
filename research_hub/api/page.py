from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from research_hub.activity.caching import Versioned
from research_hub.activity.twins import since_ever
from research_hub.languages.addresses import absolute
from research_hub.languages.views import BilingualPage

from .door import PATH
from .entries import SIZE
from .parts import at
from .v1 import api


class Explained(Versioned, BilingualPage):
    """What the API offers, drawn from its own description."""

    clock = staticmethod(since_ever)
    template_name = "api/explained.html"
    url_name = "api"
    name = gettext_lazy("For programs")

    def get_context_data(self, **kwargs):
        described = api.get_openapi_schema()["paths"]
        operations = [operation_shown(path, methods["get"]) for path, methods in described.items()]
        return super().get_context_data(
            operations=operations,
            words=words_of(described[f"{PATH}entries"]["get"]),
            openapi=at("openapi.json"),
            example=at("entries") + "?from=2017&kind=publication",
            size=SIZE,
            **kwargs,
        )


def operation_shown(path: str, operation: dict) -> dict:
    """A link where nothing has to be filled in."""
    needs, summary = any(parameter["required"] for parameter in operation["parameters"]), operation["summary"]
    return {"path": path, "url": "" if needs else absolute(path), "summary": _(summary)}


def words_of(operation: dict) -> list[dict]:
    """The words by which a list is narrowed, each with what it says."""
    said = {parameter["name"]: parameter["schema"]["description"] for parameter in operation["parameters"]}
    return [{"name": name, "about": _(about)} for name, about in said.items()]
