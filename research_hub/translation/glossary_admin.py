"""The glossary in the admin: both languages of a term on one line."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from research_hub.languages.admin import BilingualForm, Inputs
from research_hub.languages.text import current, other

from .glossary import Term


@admin.register(Term)
class TermAdmin(Inputs, admin.ModelAdmin):
    form = BilingualForm
    list_display = ["english", "spanish", "note"]
    search_fields = ["term_en", "term_es", "note"]
    fields = [("term_en", "term_es"), "note"]
    show_full_result_count = False

    def get_ordering(self, request):
        return [f"term_{current()}", f"term_{other(current())}", "pk"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name.startswith("term_"):
            field.widget.attrs["lang"] = db_field.name.removeprefix("term_")
        return field

    @admin.display(description=_("English"), ordering="term_en")
    def english(self, term):
        return format_html('<span lang="en">{}</span>', term.term_en)

    @admin.display(description=_("Spanish"), ordering="term_es")
    def spanish(self, term):
        return format_html('<span lang="es">{}</span>', term.term_es)
