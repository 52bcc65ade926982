"""Authors who are one are made one in the admin, by who may, and nothing that led to any of them is lost."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from publications.doubles import likely_doubles
from publications.models import Author, Publication
from research_hub.editorial import history
from research_hub.editorial.audit import AuditEntry
from research_hub.editorial.versions import apply
from research_hub.importing.models import Batch, Equivalent, Row
from tests.checks import lists_equal_entries
from tests.factories import make_author, make_event, make_publication, make_topic, make_type, make_user
from tests.pages import titles

pytestmark = pytest.mark.django_db

MERGE, DOUBLES = "admin:publications_author_merge", "admin:publications_author_doubles"


@pytest.fixture
def editor(client):
    user = make_user("editor")
    client.force_login(user)
    return user


def press_merge(client, stays, *goes, changed=None, **taken):
    authors = [stays, *goes]
    sent = {"author": [author.pk for author in authors], "stays": stays.pk, "sure": "on"}
    page = client.get(reverse(MERGE), {"author": sent["author"]})
    if page.status_code == 200:
        sent |= {f"take_{name}": stays.pk for name in page.context["form"].asked}
    return client.post(reverse(MERGE), sent | taken | (changed or {}), follow=True)


def test_everything_of_the_others_leads_to_the_one_who_stays(client, editor):
    topic = make_topic()
    ana, turned = make_author("Ana García"), make_author("García, A.")
    make_publication("First", topics=[topic], authors=[ana])
    make_publication("Second", topics=[topic], authors=[turned])
    make_event("Talk", topics=[topic], speakers=[turned])

    page = press_merge(client, ana, turned)

    assert "Merged: Ana García" in page.content.decode()
    assert not Author.objects.filter(pk=turned.pk).exists()
    assert set(titles(client.get(ana.get_absolute_url()))) == {"First", "Second", "Talk"}
    assert "García, A." not in client.get(topic.get_absolute_url()).content.decode()
    assert titles(client.get("/activity/", {"author": "ana-garcia"})) == titles(client.get(ana.get_absolute_url()))
    assert "Second" in titles(client.get("/search/", {"q": "Ana García"}))
    assert lists_equal_entries()
    said = AuditEntry.objects.get(action="merge")
    assert said.actor == editor.username and str(turned.pk) in said.detail["merged"]


def test_the_addresses_of_the_others_lead_on_in_both_languages_also_after_a_second_merge(client, editor):
    ana, turned, third = make_author("Ana García"), make_author("García, A."), make_author("A. García Soto")
    press_merge(client, turned, third)
    press_merge(client, ana, turned)
    for gone in ("garcia-a", "a-garcia-soto"):
        for language, path in (("en", "/authors/{}/"), ("es", "/es/autores/{}/")):
            answer = client.get(path.format(gone) + "?from=2017")
            assert (answer.status_code, answer["Location"]) == (301, ana.get_absolute_url(language) + "?from=2017")
    assert client.get("/authors/nobody/").status_code == 404


def test_an_entry_that_has_both_keeps_one_in_the_better_place(client, editor):
    ana, turned, other = make_author("Ana García"), make_author("Garcia Ana"), make_author("Luis Soto")
    both = make_publication("Both", authors=[turned, other, ana])
    both.authorships.filter(author=ana).update(affiliation="Colmex")
    talk = make_event("Talk", speakers=[other, ana, turned])
    edited = make_publication("Edited", authors=[ana])
    edited.authorships.create(author=turned, role="editor", position=2)

    press_merge(client, ana, turned)

    rows = both.authorships.in_order().values_list("author", "affiliation")
    assert list(rows) == [(ana.pk, "Colmex"), (other.pk, "")]
    assert list(talk.speakers.in_order().values_list("author", flat=True)) == [other.pk, ana.pk]
    assert list(edited.authorships.in_order().values_list("role", flat=True)) == ["author", "editor"]
    assert lists_equal_entries()


def test_texts_are_chosen_one_by_one_and_what_only_one_has_is_kept(client, editor):
    ana = make_author("Ana García", affiliation="Here", bio_en="<p>Old.</p>")
    turned = make_author("García, A.", affiliation="There", role_es="Analista", bio_en="<p>New.</p>",
                         orcid="0000-0002-1825-0097", variants=["A. G."])  # fmt: skip
    page = press_merge(client, ana, turned, take_bio_en=turned.pk, take_slug=turned.pk)
    assert page.status_code == 200 and turned.sort_name == "García, A."
    ana.refresh_from_db()
    assert (ana.name, ana.affiliation, ana.bio_en, ana.role_es) == ("Ana García", "Here", "<p>New.</p>", "Analista")
    assert (ana.orcid, ana.slug) == ("0000-0002-1825-0097", "garcia-a")
    assert ana.variants == ["García, A.", "A. G."]
    assert client.get("/authors/ana-garcia/")["Location"] == "/authors/garcia-a/"


def test_versions_and_working_copies_speak_of_the_one_who_stays(client, editor):
    ana, turned, other = make_author("Ana García"), make_author("Garcia Ana"), make_author("Luis Soto")
    entry = make_publication("One", authors=[turned, ana])
    first = history.record(entry, "save", by=editor)
    copy = entry.work_on(first.snapshot, by=editor)
    entry.authorships.all().delete()
    entry.authorships.create(author=other)
    entry.publish(by=editor)

    press_merge(client, ana, turned)

    assert list(copy.authors.all()) == [ana]
    first.refresh_from_db()
    assert apply(first.snapshot, copy) == [] and list(copy.authors.all()) == [ana]
    client.force_login(make_user("publisher"))
    page = client.get(reverse("admin:publications_publication_compare", args=[entry.pk]), {"from": first.number})
    assert page.status_code == 200


def take_in(client, line):
    upload = SimpleUploadedFile("old.jsonl", json.dumps(line).encode())
    client.post(reverse("admin:importing_batch_add"), {"upload": upload, "source": "old-site", "format": ""})
    batch = Batch.objects.latest("pk")
    page = reverse("admin:importing_batch_change", args=[batch.pk])
    client.post(page, {"do": "go_on"})
    client.post(page, {"do": "apply"})
    return batch


def test_the_next_import_finds_the_old_spellings_and_sees_no_change_where_there_is_none(client):
    make_type("report")
    client.force_login(make_user("publisher"))
    line = {"id": "1", "kind": "publication", "subtype": "report", "title_en": "Water", "title_es": "",
            "language": "en", "summary_en": "", "summary_es": "", "date": "2017", "date_precision": "year",
            "authors": ["García S., A."], "topics": [], "url": ""}  # fmt: skip
    take_in(client, line)
    made, ana = Author.objects.get(), make_author("Ana García Soto")
    Equivalent.objects.create(source="old-site", what="author", word="AGS", author=made)

    press_merge(client, ana, made)

    again = take_in(client, line)
    assert again.counts() == {Row.Action.SAME: 1}
    take_in(client, line | {"id": "2", "title_en": "Other", "authors": ["A. García S."]})
    take_in(client, line | {"id": "3", "title_en": "Third", "authors": ["AGS"]})
    assert Author.objects.get() == ana and ana.publications.count() == 3
    first = Batch.objects.earliest("pk")
    client.post(reverse("admin:importing_batch_change", args=[first.pk]), {"do": "undo"})
    assert not Publication.objects.filter(title_en="Water").exists()


@pytest.mark.parametrize("role", ["author", "translator", ""])
def test_who_may_not_change_and_delete_authors_cannot_merge_them(client, role):
    ana, turned = make_author("Ana García"), make_author("García, A.")
    client.force_login(make_user(role))
    assert client.get(reverse(DOUBLES)).status_code == 403
    assert press_merge(client, ana, turned).status_code == 403
    listing = client.get(reverse("admin:publications_author_changelist"))
    assert b"merge_chosen" not in listing.content and DOUBLES.encode() not in listing.content
    client.post(
        reverse("admin:publications_author_changelist"), {"action": "merge_chosen", "_selected_action": [ana.pk]}
    )
    assert Author.objects.count() == 2


def test_what_nobody_can_choose_on_the_page_is_refused(client, editor):
    ana, turned, stranger = make_author("Ana García"), make_author("García, A."), make_author("Luis Soto")
    for changed in (
        {"stays": stranger.pk}, {"stays": "x"}, {"take_name": stranger.pk}, {"take_name": ""}, {"sure": ""},
        {"author": [ana.pk]}, {"author": [ana.pk, 999999]}, {"author": ["x", "-1", "9" * 30]}, {"author": []},
        {"author": [ana.pk] + list(range(500, 600))},
    ):  # fmt: skip
        assert press_merge(client, ana, turned, changed=changed).status_code == 200
        assert Author.objects.count() == 3, changed


def test_two_orcids_are_two_people(client, editor):
    ana, turned = make_author("Ana García", orcid="0000-0002-1825-0097"), make_author("A", orcid="0000-0001-5109-3700")
    assert "they are different people" in press_merge(client, ana, turned).content.decode()
    assert Author.objects.count() == 2


def test_two_accounts_are_merged_only_by_who_may_see_accounts(client, editor):
    ana = make_author("Ana García", user=make_user("author"))
    turned = make_author("García, A.", user=make_user("author"))
    assert "ask an administrator" in press_merge(client, ana, turned).content.decode()
    assert Author.objects.count() == 2
    client.force_login(make_user("administrator"))
    press_merge(client, ana, turned, take_user=turned.pk)
    assert Author.objects.get().user == turned.user


def test_a_second_press_tells_that_they_are_gone(client, editor):
    ana, turned = make_author("Ana García"), make_author("García, A.")
    press_merge(client, ana, turned)
    assert "gone by now" in press_merge(client, ana, turned).content.decode()


def test_chosen_in_the_list_they_stand_side_by_side(client, editor):
    ana, turned = make_author("Ana García", bio_es="<p>Vive aquí.</p>"), make_author("García, A.")
    make_publication("First", authors=[ana], published=False)
    listing = reverse("admin:publications_author_changelist")
    page = client.post(listing, {"action": "merge_chosen", "_selected_action": [ana.pk, turned.pk]}, follow=True)
    text = page.content.decode()
    assert "1 entry" in text and "0 entries" in text and "Vive aquí." in text and "cannot be undone" in text
    assert [person["author"] for person in page.context["people"]] == [ana, turned]


def test_likely_doubles_are_told_and_lead_to_the_page(client, editor, django_assert_max_num_queries):
    for name in ("Ana García", "Garcia Ana", "GARCÍA, A.", "Luis Soto", "Luisa Soto", "Pérez, J.", "Juan Pérez",
                 "Julia Pérez", "Instituto"):  # fmt: skip
        make_author(name)
    make_author("Samuel Abiodun", variants=["S. Abiodun", "Abiodun, Samuel"])
    make_author("Rosa Paz", orcid="0000-0002-1825-0097")
    make_author("Paz, Rosa", orcid="0000-0001-5109-3700")
    with django_assert_max_num_queries(12):
        page = client.get(reverse(DOUBLES))
    names = [[person["author"].name for person in group["authors"]] for group in page.context["groups"]]
    assert [set(group) for group in names] == [{"Ana García", "Garcia Ana", "GARCÍA, A."}]
    assert client.get(page.context["groups"][0]["url"]).status_code == 200


def test_twenty_thousand_authors_are_searched_in_one_query(django_assert_num_queries):
    names = [f"{given} Apellido{n} García" for n in range(4000) for given in ("Ana", "Luis", "Eva", "Juan")]
    names += [f"García Apellido{n}, A." for n in range(2000)] + [f"García, {chr(65 + n % 26)}." for n in range(2000)]
    Author.objects.bulk_create(Author(name=name, sort_name=name, slug=f"a-{n}") for n, name in enumerate(names))
    with django_assert_num_queries(1):
        found = likely_doubles()
    assert len(found) == 2000 + 26 and all(2 <= len(group) <= 12 for group in found)
