"""The translation desk at /admin/translation/."""

from django.contrib import admin
from django.urls import path

from .exchange_pages import Download, Exchange
from .glossary_admin import TermAdmin
from .pages import Next, Progress, Queue, SideBySide

__all__ = ["TermAdmin"]

pages = [
    ("translation/", Queue, "translation"),
    ("translation/next/", Next, "translation_next"),
    ("translation/progress/", Progress, "translation_progress"),
    ("translation/files/", Exchange, "translation_exchange"),
    ("translation/files/download/", Download, "translation_download"),
    ("translation/text/<slug:uid>/", SideBySide, "translation_text"),
]
admin.site.add_pages(*(path(at, admin.site.admin_view(page.as_view()), name=name) for at, page, name in pages))
