"""Previews: the page of what is not public, for whoever holds a link, and for nobody else."""

from datetime import timedelta
from threading import Thread

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from publications.models import Authorship, Publication, PublicationTopic, PublicationType
from publications.views import PublicationDetail
from research_hub.activity import caching
from research_hub.editorial import history
from research_hub.editorial.audit import AuditEntry
from research_hub.editorial.preview import PreviewLink, preview
from research_hub.editorial.versions import snapshot
from tests.checks import lists_equal_entries
from tests.factories import make_author, make_event, make_publication, make_topic, make_type, make_user
from tests.pages import soup, words

from .cast import address, form_at, press

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n%%EOF"


@pytest.fixture
def draft():
    return make_publication(
        "Rivers", title_es="Ríos", summary_es="Lo que dicen.", topics=[make_topic()], authors=[make_author()],
        published=False,
    )  # fmt: skip


def link_to(entry, **options):
    options.setdefault("by", make_user("author"))
    return preview(entry, **options)


def page_of(client, link, **query):
    return client.get(f"{link.get_absolute_url()}page/", query)


def h1(page):
    return words(soup(page).select_one("h1"))


def admin_page(entry):
    return reverse(f"admin:{entry._meta.app_label}_{entry._meta.model_name}_preview", args=[entry.pk])


def everything():
    """Every row of every table, but for what a preview is to write."""
    left_out = {"editorial.auditentry", "editorial.previewlink", "sessions.session"}
    return {
        model._meta.label_lower: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label_lower not in left_out
    }


def logged(action):
    return list(AuditEntry.objects.filter(action=action).order_by("pk"))


# The page


@pytest.mark.parametrize("make", [make_publication, make_event])
def test_whoever_has_the_link_sees_the_real_page_in_both_languages_and_its_address_stays_a_404(client, make):
    entry = make("Rivers", title_es="Ríos", summary_es="Lo que dicen.", published=False)
    link = link_to(entry)
    assert h1(page_of(client, link)) == h1(page_of(client, link, lang="en")) == "Rivers"
    spanish = page_of(client, link, lang="es")
    assert (h1(spanish), spanish["Content-Language"]) == ("Ríos", "es")
    assert soup(spanish).html["lang"] == "es"
    for language in ("en", "es"):
        assert client.get(entry.get_absolute_url(language)).status_code == 404


def test_it_is_the_very_page_that_readers_get_once_it_is_published(client, draft):
    link = link_to(draft)
    before = soup(page_of(client, link)).select_one("article")
    draft.publish(by=make_user())
    assert str(soup(client.get(draft.get_absolute_url())).select_one("article")).replace(
        draft.get_absolute_url("es"), f"{link.get_absolute_url()}?lang=es"
    ) == str(before)


def test_without_a_language_it_is_that_of_the_original_and_an_unknown_one_is_no_other(client):
    link = link_to(make_publication("", title_es="Ríos", source_language="es", published=False))
    for query in ({}, {"lang": "fr"}, {"lang": "es\0"}):
        assert soup(page_of(client, link, **query)).html["lang"] == "es"


def test_a_draft_without_any_words_has_a_page(client):
    assert page_of(client, link_to(make_publication("", published=False))).status_code == 200


def test_the_page_names_no_address_of_its_own_but_the_previews(client, draft):
    link = link_to(draft)
    for language in ("en", "es"):
        page = soup(page_of(client, link, lang=language))
        assert page.select("link[rel=canonical], link[rel=alternate]") == []
        assert "noindex" in page.select_one("meta[name=robots]")["content"]
        for own in ("en", "es"):
            assert draft.get_absolute_url(own) not in str(page)
        assert f"/e/{draft.uid}/" not in str(page)
        switch = page.select_one("#switch a")
        assert switch["href"] == f"{link.get_absolute_url()}?lang={switch['lang']}"
        assert page.select_one(".translations a")["href"] == switch["href"]


def test_a_link_leads_out_of_the_frame_and_one_to_a_part_of_the_page_stays_in_it(client, draft):
    page = soup(page_of(client, link_to(draft)))
    assert page.select_one("base")["target"] == "_top"
    assert page.select_one("a.skip")["target"] == "_self"


# The frame


def test_the_frame_says_what_is_shown_and_until_when_in_the_language_of_the_page(client, draft):
    link = link_to(draft)
    english, spanish = (client.get(link.get_absolute_url(), {"lang": language}) for language in ("en", "es"))
    assert "As it is now being written · Draft" in words(soup(english).header)
    assert "Borrador" in words(soup(spanish).header)
    assert (soup(english).html["lang"], soup(spanish).html["lang"]) == ("en", "es")
    frame = soup(spanish).iframe
    assert frame["src"] == "page/?lang=es" and "width" not in frame.attrs
    assert frame["title"]
    assert "Rivers" not in english.content.decode()  # who only previews the link, as messengers do, learns nothing


def test_the_widths_and_the_languages_are_links_that_keep_each_other(client, draft):
    page = soup(client.get(link_to(draft).get_absolute_url(), {"lang": "es", "width": "phone"}))
    assert page.iframe["width"] == "390"
    links = [link["href"] for link in page.select("nav a")]
    assert links == [
        "?lang=en&width=phone", "?lang=es&width=phone",
        "?lang=es&width=desktop", "?lang=es&width=phone", "?lang=es&width=print",
    ]  # fmt: skip
    assert [link["href"] for link in page.select("[aria-current]")] == ["?lang=es&width=phone"] * 2


def test_a_width_that_is_none_is_the_desktops(client, draft):
    page = client.get(link_to(draft).get_absolute_url(), {"width": "9999", "lang": '"><b>'})
    assert "width" not in soup(page).iframe.attrs
    assert b"<b>" not in page.content


def test_what_is_private_is_kept_by_nobody_and_only_the_page_may_be_framed_by_us(client, draft):
    draft.downloads.create(language="en", file=ContentFile(PDF, "a.pdf"))
    link = link_to(draft).get_absolute_url()
    for at, framing in (("", "DENY"), ("page/", "SAMEORIGIN"), ("files/1/", "DENY")):
        response = client.get(f"{link}{at}")
        assert response.status_code == 200
        assert set(response["Cache-Control"].split(", ")) == {"no-store", "private"}
        assert response["Referrer-Policy"] == "no-referrer"
        assert "noindex" in response["X-Robots-Tag"]
        assert response["X-Frame-Options"] == framing
        assert "ETag" not in response and "Last-Modified" not in response
        assert not response.cookies


def test_no_page_is_kept_and_the_public_one_stays_what_it_is(client):
    live = make_publication("Rivers")
    link, known = link_to(live), dict(caching._clocks)
    page_of(client, link)
    assert not cache._cache and caching._clocks == known
    public = soup(client.get(live.get_absolute_url()))
    assert cache._cache
    assert public.select_one("link[rel=canonical]") and not public.select_one("meta[name=robots]")


# Links that lead nowhere


def expire(link):
    PreviewLink.objects.filter(pk=link.pk).update(
        made_at=timezone.now() - timedelta(days=8), expires_at=timezone.now() - timedelta(seconds=1)
    )


SPOILED = {
    "ended": expire,
    "revoked": lambda link: link.revoke(by=make_user()),
    "of an entry that is deleted": lambda link: link.entry.delete(),
    "of a version that is forgotten": lambda link: PreviewLink.objects.filter(pk=link.pk).update(number=99),
    "of an account that is closed": lambda link: type(link.made_by).objects.update(is_active=False),
    "of an account that is gone": lambda link: link.made_by.delete(),
    "gone": lambda link: PreviewLink.objects.filter(pk=link.pk).delete(),
}


@pytest.mark.parametrize("wrong", SPOILED)
def test_a_link_that_is_spoiled_is_the_404_of_an_address_that_never_was(client, draft, wrong):
    draft.downloads.create(language="en", file=ContentFile(PDF, "a.pdf"))
    link = link_to(draft)
    addresses = [f"{link.get_absolute_url()}{at}" for at in ("", "page/", "page/?lang=es", "files/1/")]
    assert [client.get(at).status_code for at in addresses] == [200] * 4
    seen = len(logged("preview_seen"))
    SPOILED[wrong](link)
    for at in addresses:
        refused, never = client.get(at), client.get(at.replace(link.token, "never-was"))
        assert refused.status_code == never.status_code == 404
        assert refused.content.replace(link.token.encode(), b"never-was") == never.content
        assert refused.headers.keys() == never.headers.keys()
    assert len(logged("preview_seen")) == seen


def test_a_token_is_of_one_link_and_cannot_be_made_up(client, draft):
    link = link_to(draft)
    number, _, signature = link.token.partition(".")
    other = link_to(make_publication("Lakes", published=False))
    for token in (
        f"{other.pk}.{signature}", f"0{number}.{signature}", number, f"{number}.", signature, f"{link.token}x",
        link.token[:-1], link.token.upper(), "%00", "é", "1" * 5000,
    ):  # fmt: skip
        assert client.get(f"/preview/{token}/page/").status_code == 404


def test_a_link_opens_no_entry_but_its_own(client, draft):
    event = make_event("A Seminar", published=False)
    type(event).objects.filter(pk=event.pk).update(uid=draft.uid)  # the same permanent name, of another kind
    assert h1(page_of(client, link_to(draft))) == "Rivers"


@pytest.mark.parametrize("at", ["", "page/", "files/1/"])
def test_it_answers_only_reading_and_a_wrong_method_tells_nothing(draft, at):
    visitor = Client(enforce_csrf_checks=True)
    link = link_to(draft).get_absolute_url()
    for method in ("post", "put", "patch", "delete", "options", "trace"):
        right, wrong = (getattr(visitor, method)(f"{place}{at}") for place in (link, "/preview/never/"))
        assert (right.status_code, wrong.status_code) == (405, 405)
    assert logged("preview_seen") == []


def test_looking_for_it_only_is_no_opening(client, draft):
    link = link_to(draft)
    for at in ("", "page/"):
        assert client.head(f"{link.get_absolute_url()}{at}").status_code == 200
    assert client.get(link.get_absolute_url()).status_code == 200  # the frame alone shows nothing
    assert logged("preview_seen") == []
    link.refresh_from_db()
    assert link.opened == 0


# What is written down


def test_each_opening_is_counted_and_logged_with_whoever_is_known(client, draft):
    link = link_to(draft)
    page_of(client, link, lang="es")
    client.force_login(colleague := make_user("editor"))
    page_of(client, link)
    stranger, known = logged("preview_seen")
    assert (stranger.actor_id, stranger.subject_key, stranger.address) == (None, draft.uid, "127.0.0.1")
    assert stranger.detail == {"link": link.pk, "language": "es"}
    assert known.actor_id == colleague.pk
    row = soup(client.get(admin_page(draft))).select_one("#preview-links tbody tr")
    assert [words(cell) for cell in row.select("td")][3] == "2"
    link.refresh_from_db()
    assert link.opened == 2


# Files


def test_a_file_of_a_draft_is_opened_by_the_link_and_by_no_public_address(client, draft):
    file = draft.downloads.create(language="en", file=ContentFile(PDF, "a.pdf"))
    link = link_to(draft)
    href = soup(page_of(client, link)).select_one(".downloads a")["href"]
    assert href == f"{link.get_absolute_url()}files/1/"
    response = client.get(href)
    assert b"".join(response.streaming_content) == PDF
    assert response["X-Content-Type-Options"] == "nosniff"
    assert logged("preview_seen")[-1].detail == {"link": link.pk, "file": 1}
    name = f"{draft.slug_en}-en.pdf"
    assert client.get(reverse("entry_download", args=[draft.uid, file.pk, name])).status_code == 404


def test_a_link_gives_no_file_of_another_entry_none_under_embargo_and_none_that_is_lost(client, draft):
    other = make_publication("Lakes", published=False)
    foreign = [other.downloads.create(language="en", file=ContentFile(PDF, "b.pdf")) for _ in range(3)]
    link = link_to(draft)
    for place in (0, 1, *(file.pk for file in foreign), 10**30):
        assert client.get(f"{link.get_absolute_url()}files/{place}/").status_code == 404
    draft.downloads.create(
        language="en", file=ContentFile(PDF, "a.pdf"), embargo_until=timezone.now() + timedelta(days=1)
    )
    draft.downloads.create(language="es", file="downloads/lost.pdf")
    assert [client.get(f"{link.get_absolute_url()}files/{place}/").status_code for place in (1, 2)] == [404, 404]
    assert logged("preview_seen") == []


# Versions


def test_a_working_copy_is_shown_as_it_is_written_and_the_live_page_does_not_move(client):
    live = make_publication("Rivers")
    link = link_to(live)
    assert "As readers see it now" in words(soup(client.get(link.get_absolute_url())).header)
    written = snapshot(live)
    written["fields"]["title_en"] = "Lakes"
    copy = live.work_on(written, by=make_user())
    assert h1(page_of(client, link)) == "Lakes"
    assert h1(page_of(client, link_to(copy))) == "Lakes"
    assert "As it is now being written" in words(soup(client.get(link.get_absolute_url())).header)
    assert h1(client.get(live.get_absolute_url())) == "Rivers"


def test_what_was_withdrawn_has_a_preview_while_readers_get_the_reason(client):
    entry = make_publication("Rivers")
    entry.withdraw(by=make_user(), reason_en="A table was wrong.")
    link = link_to(entry)
    assert "Withdrawn" in words(soup(client.get(link.get_absolute_url())).header)
    assert h1(page_of(client, link)) == "Rivers"
    assert client.get(entry.get_absolute_url()).status_code == 410


STANDS = {
    "a draft": lambda entry: None,
    "public": lambda entry: entry.publish(by=make_user()),
    "public, with a working copy": lambda entry: entry.publish(by=make_user()).work_on(snapshot(entry), by=make_user()),
    "withdrawn": lambda entry: entry.publish(by=make_user()).withdraw(by=make_user()),
}


@pytest.mark.parametrize("where", STANDS)
def test_an_older_version_is_shown_as_it_was_and_nothing_of_it_stays(client, where):
    old, new = make_topic("Old topic", "Tema viejo"), make_topic("New topic", "Tema nuevo")
    ana, luz = make_author("Ana García"), make_author("Luz Mora")
    entry = make_publication("Then", title_es="Antes", topics=[old], authors=[ana, luz], published=False)
    file = entry.downloads.create(language="en", label_en="First file", file=ContentFile(PDF, "a.pdf"))
    number = history.record(entry, "save", by=make_user()).number
    entry.title_en, entry.title_es = "Now", "Ahora"
    entry.save()
    PublicationTopic.objects.filter(publication=entry).update(topic=new)
    Authorship.objects.filter(author=ana).delete()
    file.delete()
    entry.downloads.create(language="es", label_en="Second file", file=ContentFile(PDF, "b.pdf"))
    STANDS[where](entry)
    link, before = link_to(entry, number=number), everything()
    for language, title in (("en", "Then"), ("es", "Antes")):
        page = page_of(client, link, lang=language)
        text = words(soup(page).article)
        assert h1(page) == title
        assert "Ana García" in text and "Luz Mora" in text and "First file" in text
        assert {"en": "Old topic", "es": "Tema viejo"}[language] in text
        assert "New topic" not in text and "Second file" not in text
        href = soup(page).select_one(".downloads a")["href"]
        assert b"".join(client.get(href).streaming_content) == PDF
    assert f"Version {number}" in words(soup(client.get(link.get_absolute_url())).header)
    assert everything() == before
    assert lists_equal_entries()


def test_a_version_is_that_of_the_entry_and_no_others_of_the_same_number(client, draft):
    lakes = make_publication("Lakes", published=False)
    event = make_event("A Seminar", published=False)
    type(event).objects.filter(pk=event.pk).update(uid=lakes.uid)  # the same permanent name, of another kind
    event.refresh_from_db()
    assert history.record(event, "save", by=make_user()).number == 1
    assert [history.record(entry, "save", by=make_user()).number for entry in (draft, lakes)] == [1, 2]
    assert h1(page_of(client, link_to(draft, number=1))) == "Rivers"
    assert h1(page_of(client, link_to(lakes, number=2))) == "Lakes"
    assert page_of(client, link_to(lakes, number=1)).status_code == 404


def test_an_older_version_of_an_event_is_shown_too(client):
    event = make_event("Then", speakers=[make_author("Ana García")])
    number = history.record(event, "save", by=make_user()).number
    event.speakers.all().delete()
    event.title_en = "Now"
    event.save()
    link, before = link_to(event, number=number), everything()
    page = page_of(client, link)
    assert h1(page) == "Then" and "Ana García" in words(soup(page).article)
    assert h1(client.get(event.get_absolute_url())) == "Now"
    assert everything() == before


def test_a_version_whose_type_is_gone_says_so_and_leaves_nothing_behind(client):
    entry = make_publication("Then", type="atlas", published=False)
    number = history.record(entry, "save", by=make_user()).number
    entry.type = make_type("report")
    entry.save()
    PublicationType.objects.filter(code="atlas").delete()
    link, before = link_to(entry, number=number), everything()
    page = page_of(client, link)
    assert page.status_code == 410 and "Then" not in page.content.decode()
    assert page["X-Frame-Options"] == "SAMEORIGIN"
    assert client.get(f"{link.get_absolute_url()}files/1/").status_code == 410
    assert everything() == before
    assert logged("preview_seen") == []


def test_a_page_that_breaks_leaves_nothing_of_the_version_behind(client, monkeypatch):
    entry = make_publication("Then")
    number = history.record(entry, "save", by=make_user()).number
    link, before = link_to(entry, number=number), everything()
    monkeypatch.setattr(PublicationDetail, "facts", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        page_of(client, link)
    assert everything() == before


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_nobody_else_sees_an_older_version_while_its_page_is_made(client, monkeypatch):
    entry = make_publication("Then")
    number = history.record(entry, "save", by=make_user()).number
    entry.title_en = "Now"
    entry.save()
    seen, make = [], PublicationDetail.facts

    def look():
        seen.append(Publication.objects.count())
        seen.append(h1(Client().get(entry.get_absolute_url())))
        connection.close()

    def facts(view):
        if not seen:  # the other reader's page asks for its facts too
            assert Publication.objects.count() == 2
            other = Thread(target=look)
            other.start()
            other.join(timeout=20)
        return make(view)

    link = link_to(entry, number=number)
    monkeypatch.setattr(PublicationDetail, "facts", facts)
    assert h1(page_of(client, link)) == "Then"
    assert seen == [1, "Now"]
    assert Publication.objects.count() == 1


def queries_of(client, link):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert page_of(client, link).status_code == 200
    return len(queries)


def test_a_preview_takes_the_same_queries_whatever_stands_on_the_page(client, draft):
    link = link_to(draft)
    few = queries_of(client, link)
    for position, name in enumerate(("Luz", "Eva", "Sol", "Mar", "Paz"), start=1):
        Authorship.objects.create(publication=draft, author=make_author(name), position=position)
        draft.downloads.create(language="en", file=ContentFile(PDF, "a.pdf"), position=position)
    assert queries_of(client, link) == few <= 24


def test_an_older_version_takes_two_queries_more_for_each_row_of_it_at_most(client, draft):
    few = queries_of(client, link_to(draft, number=history.record(draft, "save", by=make_user()).number))
    for position, name in enumerate(("Luz", "Eva", "Sol", "Mar", "Paz"), start=1):
        Authorship.objects.create(publication=draft, author=make_author(name), position=position)
    link = link_to(draft, number=history.record(draft, "save", by=make_user()).number)
    assert queries_of(client, link) <= few + 5 * 2
    assert few <= 92


# Who makes a link, and who revokes it


@pytest.mark.parametrize("role", ["author", "editor", "publisher", "administrator"])
def test_who_may_see_an_entry_makes_a_link_to_it(client, draft, role):
    client.force_login(user := make_user(role))
    assert press(client, admin_page(draft), days="1").status_code == 302
    link = PreviewLink.objects.get()
    assert (link.made_by, link.number, link.entry) == (user, None, draft)
    assert link.expires_at - link.made_at == timedelta(days=1)
    listed = soup(client.get(admin_page(draft))).select_one("#preview-links input[readonly]")
    assert listed["value"] == f"https://hub.example{link.get_absolute_url()}"
    (made,) = logged("preview_made")
    assert (made.actor_id, made.subject_key, made.detail["link"]) == (user.pk, draft.uid, link.pk)


def test_who_may_not_see_an_entry_is_told_nothing_of_its_links(client, draft):
    link = link_to(draft)
    for user in (make_user(""), make_user("", username="events")):
        if user.username == "events":
            user.user_permissions.set(user.user_permissions.model.objects.filter(codename__endswith="_event"))
        client.force_login(user)
        never = admin_page(draft).replace(f"/{draft.pk}/", "/987654/")
        assert client.get(admin_page(draft)).status_code == client.get(never).status_code == 404
        assert client.post(admin_page(draft), {"days": "7"}).status_code == 404
        assert client.post(f"{admin_page(draft)}{link.pk}/").status_code == 404
    client.logout()
    assert client.get(admin_page(draft)).status_code == 302
    assert client.post(f"{admin_page(draft)}{link.pk}/").status_code == 302
    link.refresh_from_db()
    assert PreviewLink.objects.get() == link and not link.is_revoked


def test_a_link_is_made_to_a_version_of_this_entry_and_for_one_of_three_times_only(client, draft):
    client.force_login(make_user("author"))
    number = history.record(draft, "save", by=make_user()).number
    lakes = make_publication("Lakes", published=False)
    numbers = [history.record(lakes, "save", by=make_user()).number for _ in range(3)]
    for typed in ({"number": numbers[-1], "days": "7"}, {"days": "365"}, {"days": ""}, {"number": "x", "days": "7"}):
        page = client.post(admin_page(draft), typed)
        assert soup(page).select(".errorlist")
    assert not PreviewLink.objects.exists()
    assert form_at(client, f"{admin_page(draft)}?number={number}")["number"] == [str(number)]
    press(client, admin_page(draft), number=str(number))
    link = PreviewLink.objects.get()
    assert (link.number, link.expires_at - link.made_at) == (number, timedelta(days=7))


def test_the_maker_and_reviewers_revoke_a_link_and_it_is_written_down_once(client, draft):
    for revoker in ("maker", "editor", "administrator"):
        maker = make_user("author")
        link = link_to(draft, by=maker)
        client.force_login(user := maker if revoker == "maker" else make_user(revoker))
        page = soup(client.get(admin_page(draft)))
        assert page.select(f'form[action="{link.pk}/"] button')
        for _ in range(2):
            assert client.post(f"{admin_page(draft)}{link.pk}/").status_code == 302
        link.refresh_from_db()
        assert link.is_revoked and link.revoked_by == user
        assert [entry.actor_id for entry in logged("preview_revoked")][-1] == user.pk
        assert not soup(client.get(admin_page(draft))).select("#preview-links form")
    assert len(logged("preview_revoked")) == 3


def test_others_revoke_no_link_and_none_of_another_entry(client, draft):
    link, lakes = link_to(draft), make_publication("Lakes", published=False)
    client.force_login(make_user("author"))
    assert not soup(client.get(admin_page(draft))).select("#preview-links form")
    assert client.post(f"{admin_page(draft)}{link.pk}/").status_code == 403
    client.force_login(make_user("administrator"))
    assert client.post(f"{admin_page(lakes)}{link.pk}/").status_code == 404
    assert client.get(f"{admin_page(draft)}{link.pk}/").status_code == 405
    link.refresh_from_db()
    assert not link.is_revoked and logged("preview_revoked") == []


def test_a_working_copy_and_its_entry_have_the_same_links(client):
    live = make_publication("Rivers")
    copy = live.work_on(snapshot(live), by=make_user())
    client.force_login(make_user("author"))
    press(client, admin_page(copy))
    link = PreviewLink.objects.get()
    assert link.uid == live.uid
    for row in (live, copy):
        assert link.token in client.get(admin_page(row)).content.decode()


def test_the_list_says_why_a_link_is_no_longer_open_and_does_not_show_it(client, draft):
    ended, revoked, closed = (link_to(draft) for _ in range(3))
    expire(ended)
    revoked.revoke(by=make_user("editor", username="inés"))
    type(closed.made_by).objects.filter(pk=closed.made_by.pk).update(is_active=False)
    client.force_login(make_user("administrator"))
    page = client.get(admin_page(draft))
    text = words(soup(page).select_one("#preview-links"))
    assert "It has ended." in text and "by inés" in text and "account is closed" in text
    assert not any(link.token in page.content.decode() for link in (ended, revoked, closed))


def test_many_links_are_listed_in_a_fixed_number_of_queries_a_page_at_a_time(client, draft):
    client.force_login(make_user("administrator"))
    link_to(draft)
    with CaptureQueriesContext(connection) as few:
        client.get(admin_page(draft))
    for _ in range(55):
        link_to(draft)
    with CaptureQueriesContext(connection) as many:
        page = client.get(admin_page(draft))
    assert len(soup(page).select("#preview-links tbody tr")) == 50
    assert len(many) == len(few)
    assert len(soup(client.get(f"{admin_page(draft)}?page=2")).select("#preview-links tbody tr")) == 6


def test_the_form_of_an_entry_leads_there_and_that_of_a_topic_does_not(client, draft):
    client.force_login(make_user("administrator"))
    assert soup(client.get(address(draft))).select(f'.object-tools a[href="{admin_page(draft)}"]')
    assert "/preview/" not in client.get(address(make_topic("Air", "Aire"))).content.decode()
