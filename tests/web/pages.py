"""Every kind of page, in both languages, by a name."""

from dataclasses import dataclass

from research_hub.editorial.preview import PreviewLink


@dataclass(frozen=True)
class Page:
    kind: str
    language: str
    path: str
    status: int = 200

    def __str__(self):
        return f"{self.kind}-{self.language}"


PATHS = {
    "home": ("/", "/es/"),
    "topics": ("/topics/", "/es/temas/"),
    "topic": ("/topics/irregular-crossings/", "/es/temas/cruces-irregulares/"),
    "topic-long": ("/topics/everything/", "/es/temas/todo/"),
    "topic-empty": ("/topics/empty/", "/es/temas/vacio/"),
    "topic-narrowed": (
        "/topics/irregular-crossings/?from=2017&to=2017-06&media=1",
        "/es/temas/cruces-irregulares/?from=2017&to=2017-06&media=1",
    ),
    "topic-mistaken": ("/topics/migration/?from=31/31/2024&to=x", "/es/temas/migracion/?from=31/31/2024&to=x"),
    "topic-nothing": (
        "/topics/irregular-crossings/?from=2019&to=2020",
        "/es/temas/cruces-irregulares/?from=2019&to=2020",
    ),
    "publications": ("/publications/", "/es/publicaciones/"),
    "regions": ("/regions/", "/es/regiones/"),
    "all-series": ("/series/", "/es/series/"),
    "api": ("/api/", "/es/api/"),
    "region": ("/regions/mexico/", "/es/regiones/mexico/"),
    "series": ("/series/everything/", "/es/series/todo/"),
    "authors": ("/authors/", "/es/autores/"),
    "author": ("/authors/everything/", "/es/autores/everything/"),
    "activity": ("/activity/", "/es/actividad/"),
    "activity-second": ("/activity/?page=2", "/es/actividad/?page=2"),
    "events": ("/events/", "/es/eventos/"),
    "event": ("/events/wages-without-witnesses/", "/es/eventos/salarios-sin-testigos/"),
    "event-upcoming": ("/events/how-to-read-an-electricity-bill/", "/es/eventos/como-leer-un-recibo-de-luz/"),
    "event-cancelled": ("/events/what-a-waiting-list-says/", "/es/eventos/lo-que-dice-una-lista-de-espera/"),
    "event-long": ("/events/everything/", "/es/eventos/todo/"),
    "event-foreign": ("/events/solo-espanol/", "/es/eventos/solo-espanol/"),
    "publication": ("/publications/the-waiting-room/", "/es/publicaciones/la-sala-de-espera/"),
    "publication-long": ("/publications/everything/", "/es/publicaciones/todo/"),
    "publication-foreign": ("/publications/solo-espanol/", "/es/publicaciones/only-english/"),
    "search": ("/search/", "/es/buscar/"),
    "search-found": ("/search/?q=asylum", "/es/buscar/?q=asilo"),
    "search-nothing": ("/search/?q=xyzzy", "/es/buscar/?q=xyzzy"),
    "feeds": ("/feeds/", "/es/canales/"),
}

ERRORS = {
    "error-403": (403, "/refused/", "/es/refused/"),
    "error-404": (404, "/nothing-here/", "/es/nada-aqui/"),
    "error-404-page": (404, "/activity/?page=99", "/es/actividad/?page=99"),
    "error-410": (410, "/publications/withdrawn/", "/es/publicaciones/retirado/"),
    "error-429": (429, "/haste/", "/es/haste/"),
    "error-500": (500, "/broken/", "/es/broken/"),
}

PREVIEW = PreviewLink(pk=1).get_absolute_url()
PREVIEWS = {
    "preview": (f"{PREVIEW}?lang=en", f"{PREVIEW}?lang=es&width=phone"),
    "preview-page": (f"{PREVIEW}page/?lang=en", f"{PREVIEW}page/?lang=es"),
}

PUBLIC = [
    Page(kind, language, path)
    for kind, paths in (PATHS | PREVIEWS).items()
    for language, path in zip(("en", "es"), paths, strict=True)
] + [
    Page(kind, language, path, status)
    for kind, (status, *paths) in ERRORS.items()
    for language, path in zip(("en", "es"), paths, strict=True)
]

# Said in both languages at once, as that of a page that fails.
PUBLIC += [Page("error-503", "en", "/away/", 503), Page("error-507", "en", "/full/", 507)]

LOGIN = [
    Page("login", "en", "/admin/login/"),
    Page("login", "es", "/es/admin/login/"),
    Page("forgotten", "en", "/admin/password/forgotten/"),
    Page("written", "es", "/es/admin/password/written/"),
    Page("spoilt-link", "en", "/admin/password/choose/MQ/x/"),
    Page("locked-out", "es", "/es/admin/half-way/locked-out/", 429),
    Page("second-step", "es", "/es/admin/half-way/second-step/"),
    Page("set-up", "en", "/admin/half-way/set-up/"),
    Page("recovery-codes", "es", "/es/admin/half-way/codes/"),
]

# What the staff sees; in one language each, for the two differ in words only.
STAFF = [
    Page("desk", "en", "/admin/"),
    Page("desk", "es", "/es/admin/"),
    Page("publications", "en", "/admin/publications/publication/"),
    Page("events", "es", "/es/admin/events/event/"),
    Page("publication-form", "es", "/es/admin/publications/publication/1/change/"),
    Page("publication-new", "en", "/admin/publications/publication/add/"),
    Page("event-form", "en", "/admin/events/event/1/change/"),
    Page("topic-form", "en", "/admin/topics/topic/1/change/"),
    Page("author-form", "es", "/es/admin/publications/author/1/change/"),
    Page("history", "en", "/admin/publications/publication/1/history/"),
    Page("compare", "es", "/es/admin/publications/publication/1/compare/"),
    Page("step", "en", "/admin/publications/publication/1/step/withdraw/"),
    Page("previews", "en", "/admin/publications/publication/1/preview/"),
    Page("images", "es", "/es/admin/media/image/"),
    Page("image-form", "en", "/admin/media/image/1/change/"),
    Page("log", "en", "/admin/editorial/auditentry/"),
    Page("second-factor", "es", "/es/admin/second-factor/"),
    Page("my-sessions", "en", "/admin/my-sessions/"),
    Page("account-access", "en", "/admin/auth/user/1/access/"),
    Page("account-new", "es", "/es/admin/auth/user/add/"),
    Page("password", "en", "/admin/password_change/"),
    Page("authors-doubles", "en", "/admin/publications/author/doubles/"),
    Page("authors-merge", "es", "/es/admin/publications/author/merge/?author=901&author=902"),
    Page("imports", "es", "/es/admin/importing/batch/"),
    Page("import-new", "en", "/admin/importing/batch/add/"),
    Page("import-plan", "es", "/es/admin/importing/batch/1/change/"),
    Page("import-quality", "en", "/admin/importing/batch/1/quality/"),
    Page("import-words", "es", "/es/admin/importing/batch/1/words/"),
    Page("import-columns", "es", "/es/admin/importing/batch/2/change/"),
    Page("translation-queue", "es", "/es/admin/translation/"),
    Page("translation-progress", "en", "/admin/translation/progress/"),
    Page("translation-glossary", "en", "/admin/translation/term/"),
]


def page(kind: str, language: str = "en") -> Page:
    return next(page for page in PUBLIC if (page.kind, page.language) == (kind, language))
