"""In a real browser nothing that the site does itself is refused by its own policy, and what is not its own is."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from research_hub.editorial.preview import preview
from tests.factories import make_author, make_event, make_image, make_publication, make_topic, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

WATCH = """addEventListener("securitypolicyviolation", ({violatedDirective, blockedURI, sourceFile, lineNumber}) =>
  console.error(`refused: ${violatedDirective} ${blockedURI} ${sourceFile}:${lineNumber}`))"""


@pytest.fixture
def refused(page):
    """What the browser refuses, on any page that is opened."""
    told = []
    page.add_init_script(WATCH)
    page.on("console", lambda message: told.append(f"{page.url} {message.text}") if is_policy(message) else None)
    page.on("pageerror", lambda error: told.append(f"{page.url} {error}"))
    return told


def is_policy(message) -> bool:
    return "refused:" in message.text or "Content Security Policy" in message.text


@pytest.fixture
def administrator(page, site):
    user, client = make_user("administrator"), Client()
    client.force_login(user)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
    return user


def test_pages_for_readers_do_all_they_do(page, site, refused):
    topic, image = make_topic(), make_image()
    report = make_publication("Report", topics=[topic], authors=[make_author()], cover=image)
    event = make_event("Debate", topics=[topic])
    event.media.create(kind="video", url="https://youtu.be/dQw4w9WgXcQ", label_en="The film", label_es="La película")
    event.media.create(kind="audio", url="https://media.example.org/a.mp3", label_en="Sound", position=1)
    page.route(lambda url: not url.startswith(site), lambda route: route.fulfill(status=200, body="<p>player</p>"))
    for path in ("/", "/es/", "/search/?q=report", "/api/", "/feeds/", report.get_absolute_url("es")):
        page.goto(site + path, wait_until="networkidle")
    page.goto(site + topic.get_absolute_url(), wait_until="networkidle")
    page.locator("#activity input[name=from]").fill("2017")
    page.locator("#activity input[name=from]").press("Enter")
    expect(page).to_have_url(f"{site}{topic.get_absolute_url()}?from=2017")
    page.goto(site + event.get_absolute_url(), wait_until="networkidle")
    for _player in range(2):
        page.locator(".player button").first.click()
    expect(page.locator("iframe")).to_have_count(1)
    page.wait_for_load_state("networkidle")
    assert refused == []


def test_the_admin_does_all_it_does(page, site, refused, administrator):
    topic = make_topic()
    draft = make_publication("Draft", topics=[topic], authors=[make_author()], published=False)
    link = preview(draft, by=administrator)
    form = f"{site}/admin/publications/publication/{draft.pk}/change/"
    for path in (
        "/admin/", "/admin/publications/publication/", "/admin/editorial/auditentry/", "/es/admin/translation/",
        f"/admin/translation/text/{draft.uid}/", "/admin/importing/batch/add/", "/admin/auth/user/add/",
        f"/admin/auth/user/{administrator.pk}/change/", f"/admin/auth/user/{administrator.pk}/access/",
        "/admin/events/event/add/", f"/admin/topics/topic/{topic.pk}/change/", "/admin/second-factor/",
        f"/admin/publications/publication/{draft.pk}/preview/", link.get_absolute_url(), "/admin/password_change/",
    ):  # fmt: skip
        page.goto(site + path, wait_until="networkidle")
    page.goto(form)
    page.locator(".prose-menubar").first.wait_for()
    page.locator(".ProseMirror[contenteditable]").first.click()
    page.keyboard.type("Words")
    page.locator('button[title="bold"]').first.click()
    page.locator(".select2-selection").first.click()
    page.locator(".select2-search__field").last.fill("a")
    page.locator(".select2-results__option").first.wait_for()
    page.keyboard.press("Escape")
    page.wait_for_load_state("networkidle")
    assert refused == []


def test_what_somebody_brings_in_is_not_run(page, site, administrator):
    page.goto(f"{site}/admin/")
    page.evaluate(
        """() => {
          document.body.insertAdjacentHTML("beforeend", '<img src="x" onerror="window.ran = 1">');
          const script = document.createElement("script");
          script.textContent = "window.ran = 2";
          document.body.append(script);
        }"""
    )
    page.evaluate("() => { setTimeout('window.ran = 3') }")
    page.wait_for_timeout(300)
    assert page.evaluate("window.ran") is None
