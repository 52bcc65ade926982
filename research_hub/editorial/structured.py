"""What machines read in a page's head: meta tags, and JSON-LD in the words of schema.org."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from research_hub.languages.addresses import absolute, paths_of
from research_hub.languages.text import current

Tags = list[tuple[str, str]]

LOCALES = {"en": "en_US", "es": "es_MX"}  # OpenGraph wants a country beside the language
ESCAPES = {"<": "\\u003C", ">": "\\u003E", "&": "\\u0026"}  # so that no text can end the script


@dataclass(frozen=True)
class Metadata:
    """Meta tags by name, those of OpenGraph by property, and the things that the page is about."""

    tags: Tags = field(default_factory=list)
    properties: Tags = field(default_factory=list)
    things: list[dict] = field(default_factory=list)

    @property
    def markup(self) -> SafeString:
        """The tags; drawn here, as a template takes several times as long for so many."""
        named = [("name", *tag) for tag in self.tags] + [("property", *tag) for tag in self.properties]
        return format_html_join("", '<meta {}="{}" content="{}">\n', named)

    @property
    def json_ld(self) -> SafeString:
        return json_ld(self.things)


def json_ld(things: list[dict]) -> SafeString:
    """These things as a script of the page's head holds them."""
    script = json.dumps({"@context": "https://schema.org", "@graph": told(things)}, ensure_ascii=False)
    for sign, spelt in ESCAPES.items():
        script = script.replace(sign, spelt)
    return mark_safe(script)


def told(value: Any) -> Any:
    """The same without what is empty, however deep it stands."""
    if isinstance(value, dict):
        return {name: told(part) for name, part in value.items() if part}
    if isinstance(value, list):
        return [told(part) for part in value if part]
    return value


def open_graph(page: dict, kind: str, title: str, description: str, language: str, image: dict | None = None) -> Tags:
    """How the page shows where a link to it is shared; `page` is its context, `image` a picture on it."""
    others = [alternate["lang"] for alternate in page["alternates"] if alternate["lang"] != language]
    tags = [
        ("og:type", kind),
        ("og:title", title),
        ("og:description", description),
        ("og:url", page["canonical"]),
        ("og:site_name", settings.SITE_NAME[current()]),
        ("og:locale", LOCALES[language]),
        *(("og:locale:alternate", LOCALES[other]) for other in others),
    ]
    if image:
        shared = image["shared"]
        tags += [("og:image", everywhere(shared["url"])), ("og:image:alt", image["alt"])]
        tags += [(f"og:image:{side}", str(shared[side])) for side in ("width", "height")]
    return [(name, content) for name, content in tags if content]


def everywhere(address: str) -> str:
    """The address of a file as another site can use it; one that is kept elsewhere is so already."""
    return address if "://" in address else absolute(address)


def breadcrumbs(trail: list[dict]) -> dict:
    """The way from home to the page, of which these are the links."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": step["name"], "item": absolute(step["url"])}
            for place, step in enumerate(trail, start=1)
        ],
    }


def institute() -> dict:
    return {
        "@type": "Organization",
        "@id": f"{absolute('/')}#institute",
        "name": settings.SITE_NAME[current()],
        "url": absolute(paths_of("home")[current()]),
    }
