from django.db import migrations

# code, English, plural, Spanish, plural, RIS, BibTeX, CSL, schema.org
TYPES = [
    ("report", "Report", "Reports", "Informe", "Informes", "RPRT", "techreport", "report", "Report"),
    ("policy-brief", "Policy Brief", "Policy Briefs", "Nota de política", "Notas de política",
     "RPRT", "techreport", "report", "Report"),
    ("working-paper", "Working Paper", "Working Papers", "Documento de trabajo", "Documentos de trabajo",
     "UNPB", "techreport", "report", "ScholarlyArticle"),
    ("commentary", "Commentary", "Commentaries", "Comentario", "Comentarios",
     "BLOG", "misc", "post-weblog", "OpinionNewsArticle"),
    ("article", "Article", "Articles", "Artículo", "Artículos",
     "MGZN", "article", "article-magazine", "Article"),
    ("fact-sheet", "Fact Sheet", "Fact Sheets", "Ficha informativa", "Fichas informativas",
     "RPRT", "techreport", "report", "Report"),
    ("book", "Book", "Books", "Libro", "Libros", "BOOK", "book", "book", "Book"),
]  # fmt: skip


def add_types(apps, schema_editor):
    PublicationType = apps.get_model("publications", "PublicationType")
    for position, (code, name, plural, name_es, plural_es, ris, bibtex, csl, schema_org) in enumerate(TYPES):
        PublicationType.objects.get_or_create(
            code=code,
            defaults={
                "name": name, "name_en": name, "name_es": name_es,
                "plural": plural, "plural_en": plural, "plural_es": plural_es,
                "ris": ris, "bibtex": bibtex, "csl": csl, "schema_org": schema_org, "position": position,
            },
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("publications", "0001_initial")]
    operations = [migrations.RunPython(add_types, migrations.RunPython.noop)]
