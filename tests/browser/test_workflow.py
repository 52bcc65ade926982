"""The whole story of a report, in a real browser: written, sent back, approved, scheduled, live, revised, withdrawn."""

from datetime import timedelta
from io import BytesIO, StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from PIL import Image as Picture
from playwright.sync_api import expect

from publications.models import Publication
from tests.factories import make_author, make_publication, make_topic, make_type, make_user

pytestmark = pytest.mark.django_db(transaction=True)


class Desk:
    """Somebody of the staff at a browser of their own."""

    def __init__(self, browser, site, role):
        self.site, self.user = site, make_user(role)
        client = Client()
        client.force_login(self.user)
        self.context = browser.new_context()
        self.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
        self.page = self.context.new_page()

    def go(self, path):
        self.page.goto(self.site + path)

    def open(self, entry):
        self.go(f"/admin/publications/publication/{entry.pk}/change/")

    def choose(self, field, words):
        """Pick from a box that searches as one types."""
        box = self.page.locator(f"#{field} + .select2 .select2-selection")
        box.click()
        with self.page.expect_response(lambda answer: f"term={words}" in answer.url):
            self.page.locator(".select2-search__field").last.fill(words)
        expect(self.page.locator(".select2-results__option--highlighted")).to_contain_text(words)
        self.page.keyboard.press("Enter")
        expect(box).to_contain_text(words)

    def step(self, name, **answers):
        """Save, and take the step on its own page."""
        self.page.locator(".submit-row .button", has_text=name).first.click()
        for field, value in answers.items():
            self.page.fill(f"#id_{field}", value)
        self.page.locator("#step_form .submit-row input[type=submit]").click()
        expect(self.page.locator(".messagelist .success").last).to_be_visible()


@pytest.fixture
def at_desk(browser, site):
    """A function that seats somebody with a role; their browsers are closed afterwards."""
    seated = []

    def seat(role):
        seated.append(Desk(browser, site, role))
        return seated[-1]

    yield seat
    for desk in seated:
        desk.context.close()


def picture():
    file = BytesIO()
    Picture.new("RGB", (60, 40), "teal").save(file, "PNG")
    return {"name": "teal.png", "mimeType": "image/png", "buffer": file.getvalue()}


def titles_at(client, path):
    page = client.get(path).content.decode()
    return [title for title in ("The Report", "The Better Report", "El informe") if f">{title}</a>" in page]


def test_from_the_first_word_to_the_withdrawal_and_back(at_desk, client):
    topic, _type = make_topic("Water", "Agua"), make_type("report")
    make_author("Ana García")
    make_author("Eva Ruiz")
    author, editor, publisher = at_desk("author"), at_desk("editor"), at_desk("publisher")

    author.go("/admin/media/image/add/")
    author.page.set_input_files("#id_file", picture())
    author.page.fill("#id_alt_en", "A teal field under a teal sky")
    author.page.click("input[name=_save]")
    author.go("/admin/publications/publication/add/")
    form = author.page
    form.fill("#id_title_en", "The Report")
    form.fill("#id_title_es", "El informe")
    form.fill("#id_summary_en", "What the report says.")
    form.fill("#id_summary_es", "Qué dice el informe.")
    form.fill("#id_date", "2017")
    form.select_option("#id_type", label="Report")
    author.choose("id_cover", "teal")
    author.choose("id_publication_topics-0-topic", "Water")
    author.choose("id_authorships-0-author", "Ana")
    form.locator("#authorships-group .add-row a").click()
    author.choose("id_authorships-1-author", "Eva")
    author.step("Submit for review", note="Please look at the title")
    report = Publication.objects.get()
    assert (report.status, report.created_by) == ("in_review", author.user)
    assert [str(one) for one in report.authorships.in_order()] == ["Ana García", "Eva Ruiz"]

    editor.open(report)
    editor.step("Request changes", note="One thing", on_summary_en="Name the year")
    author.open(report)
    expect(author.page.locator(".requested")).to_contain_text("Name the year")
    author.page.fill("#id_summary_en", "What the report of 2017 says.")
    author.step("Submit for review")
    editor.open(report)
    editor.step("Approve")

    moment = timezone.localtime() + timedelta(days=1)
    publisher.open(report)
    publisher.step("Publish at a time", moment_0=f"{moment:%Y-%m-%d}", moment_1=f"{moment:%H:%M}")
    report.refresh_from_db()
    call_command("publish_due", stdout=StringIO())
    assert titles_at(client, topic.get_absolute_url("en")) == []
    with time_machine.travel(report.publish_at + timedelta(seconds=1), tick=False):
        call_command("publish_due", stdout=StringIO())
    assert titles_at(client, topic.get_absolute_url("en")) == ["The Report"]
    assert titles_at(client, topic.get_absolute_url("es")) == ["El informe"]

    author.open(report)
    author.page.fill("#id_title_en", "The Better Report")
    author.page.locator("input[name=_continue]").first.click()
    expect(author.page.locator(".working-copy")).to_contain_text("This is the working copy.")
    assert titles_at(client, topic.get_absolute_url("en")) == ["The Report"]
    author.page.click("text=What is different")
    expect(author.page.locator(".changes ins").first).to_contain_text("Better")
    author.page.click("text=Back to the form")
    author.step("Submit for review")
    copy = Publication.objects.get(revises=report)
    editor.open(copy)
    editor.step("Approve")
    publisher.open(report)
    publisher.step("Publish now")
    assert titles_at(client, topic.get_absolute_url("en")) == ["The Better Report"]

    publisher.open(report)
    publisher.step("Withdraw …", reason_en="A table was wrong.")
    assert titles_at(client, topic.get_absolute_url("en")) == []
    assert client.get(report.get_absolute_url("en")).status_code == 410
    publisher.open(report)
    publisher.step("Make public again")
    assert titles_at(client, topic.get_absolute_url("en")) == ["The Better Report"]
    assert titles_at(client, topic.get_absolute_url("es")) == ["El informe"]


def test_the_checklist_follows_what_is_typed(at_desk):
    editor = at_desk("editor")
    editor.context.unroute_all()
    draft = make_publication("A Draft", topics=[make_topic()], authors=[make_author()], published=False)
    editor.open(draft)
    checklist = editor.page.locator("[data-checklist]")
    expect(checklist).to_contain_text("Not yet in Spanish")
    editor.page.fill("#id_summary_en", "")
    expect(checklist).to_contain_text("Write the summary that lists show.")
    editor.page.fill("#id_summary_en", "A summary of the the draft.")
    expect(checklist).to_contain_text("Repeated: “the the”")
    expect(checklist).not_to_contain_text("Write the summary that lists show.")


def test_the_buttons_of_the_languages_tell_what_one_of_them_lacks(at_desk):
    entry = make_publication("Account", title_es="Cuenta", summary_en="One", summary_es="", body_en="", body_es="")
    page = (desk := at_desk("editor")).page
    desk.open(entry)
    spanish = page.locator(".language-switch [data-show=es]")
    expect(spanish).to_have_text("Spanish1 empty")
    page.fill("#id_summary_es", "Uno")
    expect(spanish).to_have_text("Spanish")
