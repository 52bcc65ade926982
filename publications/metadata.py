"""What machines read on the pages of publications and authors: Highwire, Dublin Core, OpenGraph and JSON-LD.

Google Scholar reads Highwire's tags, and so does Zotero, which takes the sort of work from Dublin Core.
"""

from collections.abc import Iterable

from django.utils.text import Truncator

from research_hub.editorial.prose import plain_text
from research_hub.editorial.structured import Metadata, Tags, everywhere, institute, open_graph
from research_hub.languages.addresses import absolute
from research_hub.languages.text import current, read

from .citing import Reference, one_line
from .models import Author, Authorship, Publication

# What Zotero calls a part of something, by what CSL does; anything else it knows by other tags.
PARTS_IN_ZOTERO = {
    "article-journal": "journalArticle",
    "article-magazine": "magazineArticle",
    "article-newspaper": "newspaperArticle",
    "post-weblog": "blogPost",
    "webpage": "webpage",
}

LONGEST_BIO = 50  # words of it, which is more than is shown with a link


def publication_metadata(
    publication: Publication, reference: Reference, authorships: Iterable[Authorship], page: dict
) -> Metadata:
    """`page` is the context of the publication's page, which has fetched all that is told here."""
    kind = "book" if reference.type.csl == "book" else "article"
    title, own = reference.title.words, reference.language
    return Metadata(
        tags=[tag for tag in [*highwire(reference), *dublin_core(reference)] if tag[1]],
        properties=open_graph(page, kind, title, reference.abstract, own, page["cover"]),
        things=[work(publication, reference, authorships, page)],
    )


def highwire(reference: Reference) -> Tags:
    is_report = reference.type.csl == "report"
    return [
        ("citation_title", reference.title.words),
        *(("citation_author", name.inverted) for name in reference.authors),
        *(("citation_editor", name.inverted) for name in reference.editors),
        ("citation_publication_date", "/".join(reference.known_date)),
        ("citation_technical_report_institution" if is_report else "citation_publisher", reference.publisher),
        ("citation_technical_report_number", reference.number if is_report else ""),
        ("citation_series_title", reference.series.words),
        ("citation_doi", reference.doi),
        ("citation_isbn", reference.isbn),
        ("citation_language", reference.language),
        ("citation_public_url", reference.url),
        ("citation_pdf_url", reference.pdf),
        ("citation_abstract", reference.abstract),
    ]


def dublin_core(reference: Reference) -> Tags:
    others = [*reference.editors, *reference.translators, *reference.contributors]
    return [
        ("DC.type", PARTS_IN_ZOTERO.get(reference.type.csl, reference.genre)),
        ("DC.title", reference.title.words),
        *(("DC.creator", name.inverted) for name in reference.authors),
        *(("DC.contributor", name.inverted) for name in others),
        ("DC.date", "-".join(reference.known_date)),
        ("DC.publisher", reference.publisher),
        ("DC.source", reference.publisher if reference.is_part else ""),
        ("DC.language", reference.language),
        ("DC.identifier", reference.link),
        ("DC.description", reference.abstract),
    ]


def work(publication: Publication, reference: Reference, authorships: Iterable[Authorship], page: dict) -> dict:
    """The publication in the words of schema.org."""
    people: dict[str, list[dict]] = {}
    for row in authorships:
        people.setdefault(row.role, []).append(agent(row.author, row.affiliation))
    cover = page["cover"]
    return {
        "@type": reference.type.schema_org,
        "@id": reference.url,
        "url": reference.url,
        "name": reference.title.words,
        "description": reference.abstract,
        "inLanguage": reference.language,
        **translations(publication, reference, page["alternates"]),
        "datePublished": "-".join(reference.known_date),
        "dateModified": page["corrections"][0]["datetime"] if page["corrections"] else "",
        "correction": [told_correction(correction) for correction in page["corrections"]],
        "author": people.pop(Authorship.Role.AUTHOR, None) or ([] if reference.editors else [institute()]),
        **people,
        "publisher": institute(),
        "isPartOf": series(publication, reference),
        "position": reference.number,
        "identifier": [reference.doi_url, f"urn:isbn:{reference.isbn}" if reference.isbn else ""],
        "image": everywhere(cover["shared"]["url"]) if cover else "",
        "about": [{"@type": "Thing", "name": topic["name"], "url": absolute(topic["url"])} for topic in page["topics"]],
        "encoding": [
            {
                "@type": "MediaObject",
                "contentUrl": absolute(file["url"]),
                "encodingFormat": "application/pdf",
                "inLanguage": file["code"],
            }
            for file in page["downloads"]
            if not file["from"]
        ],
    }


def told_correction(correction: dict) -> dict:
    note = correction["note"]
    return {
        "@type": "CorrectionComment",
        "text": note.words,
        "datePublished": correction["datetime"],
        "inLanguage": note.language,
    }


def translations(publication: Publication, reference: Reference, alternates: list[dict]) -> dict:
    """The same work in the other language, if it is there to be read: the translation, or what this is one of."""
    is_original = reference.language == publication.source_language
    others = [
        {"@type": reference.type.schema_org, "@id": other["url"], "url": other["url"], "inLanguage": other["lang"]}
        for other in alternates
        if other["lang"] != reference.language
    ]
    return {"workTranslation" if is_original else "translationOfWork": others[0]} if others else {}


def series(publication: Publication, reference: Reference) -> dict:
    if publication.series is None:
        return {}
    url = absolute(publication.series.get_absolute_url())
    return {"@type": "CreativeWorkSeries", "@id": url, "url": url, "name": reference.series.words}


def agent(author: Author, affiliation: str = "") -> dict:
    """Somebody who made something or speaks somewhere; the affiliation, if they had another one then."""
    is_person = author.kind == Author.Kind.PERSON
    worked_at = affiliation or author.affiliation
    url = absolute(author.get_absolute_url())
    return {
        "@type": "Person" if is_person else "Organization",
        "@id": url,
        "url": url,
        "name": one_line(author.name),
        "sameAs": f"https://orcid.org/{author.orcid}" if author.orcid else "",
        "affiliation": {"@type": "Organization", "name": worked_at} if is_person and worked_at else None,
    }


# Authors


def author_metadata(author: Author, page: dict) -> Metadata:
    """`page` is the context of the author's page."""
    photo, bio = page["photo"], Truncator(one_line(plain_text(read(author, "bio").words))).words(LONGEST_BIO)
    is_person = author.kind == Author.Kind.PERSON
    person = agent(author) | {
        "jobTitle": read(author, "role").words if is_person else "",
        "description": bio,
        "image": everywhere(photo["shared"]["url"]) if photo else "",
    }
    return Metadata(
        properties=open_graph(page, "profile", author.name, bio, current(), photo),
        things=[person],
    )
