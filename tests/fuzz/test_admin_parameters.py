"""Whatever is asked of the admin in an address: an answer, never an error of ours."""

import pytest
from django.contrib import admin
from django.urls import reverse

from tests.factories import make_user

from .conftest import some_of

pytestmark = pytest.mark.django_db
MANY = "9" * 30

QUERIES = [
    f"date_lo__year={MANY}",
    "date_lo__year=0",
    "date_lo__year=-1",
    "date_lo__year=x",
    "date_lo__year=2017&date_lo__month=13",
    f"date_lo__year=2017&date_lo__month={MANY}",
    "date_lo__year=2017&date_lo__month=2&date_lo__day=31",
    "date_lo__year=9999",
    "date_lo__year=10000",
    "date_lo__year=%00",
    "date_lo__gte=x",
    "date_lo__year=2017&date_lo__year=2018",
    f"p={MANY}",
    "p=-1",
    "p=x",
    "p=%00",
    "o=1.2.3.x.-9",
    f"o={MANY}",
    "o=-",
    "o=.",
    "all=",
    "all=x",
    "e=1",
    "q=%00",
    "q=%22",
    "q=%27+OR+1",
    "q=" + "a+" * 300,
    "q=%ED%A0%80",
    f"id={MANY}",
    "id__exact=x",
    "id__in=1,x",
    "pk=%00",
    "x=1",
    "password__startswith=a",
    "created_by__password__startswith=a",
    "user__password__startswith=a",
    "_popup=%00",
    f"_popup=1&_to_field={MANY}",
    "_to_field=password",
    "_to_field=id&_popup=1",
    "_changelist_filters=%00",
    "_changelist_filters=q%3D%2500%26p%3Dx",
    f"topics__id__exact={MANY}",
    "topics__id__exact=x",
    "regions__id__exact=%00",
    f"type__id__exact={MANY}",
    "state=%00",
    "status__exact=nope",
    "language=%00",
    "source_language__exact=%00",
    "is_active__exact=x",
    "kind__exact=%00",
    "days=%00",
    "days=" + MANY,
    "action=%00",
    "title_en=x" * 99,
]


KEYS = ["1", "0", MANY, "-1", "x", "_00", "_5F", "%2500", "_ZZ", "é"]
POPUPS = ["_popup=1&_to_field=password", f"cover={MANY}&topics=x&parent=%00&_changelist_filters=%00"]
VALUES = [MANY, "\0", "x", "é" * 3000, "-1", "2017-99-99", "NaN", "[]", "{"]
ACTIONS = ["delete_selected", "submit", "publish", "approve"]
STEPS = ["submit", "publish", "withdraw"]
LISTS = [f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry]
EACH_LIST = pytest.mark.parametrize(("turn", "name"), list(enumerate(LISTS)), ids=LISTS)
ANSWERS = {200, 302, 400, 403}


@pytest.fixture
def administrator(client, small_site):
    client.force_login(make_user("administrator"))
    return client


def test_the_turns_come_upon_all():
    for things, few in ((QUERIES, 5), (KEYS, 2), (VALUES, 1)):
        assert {thing for turn in range(len(LISTS)) for thing in some_of(things, turn, few)} == set(things)


@EACH_LIST
def test_a_list_answers_any_query(administrator, turn, name):
    for language in ("", "/es"):
        for query in some_of(QUERIES, turn, 5):
            response = administrator.get(language + reverse(f"admin:{name}_changelist"), QUERY_STRING=query)
            assert response.status_code in ANSWERS, query


@EACH_LIST
def test_the_pages_of_a_record_answer_any_query_and_any_key(administrator, turn, name):
    pages = reverse(f"admin:{name}_changelist")
    for query in some_of(POPUPS, turn, 1):
        for page in ("add/", "1/change/"):
            response = administrator.get(f"{pages}{page}", QUERY_STRING=query)
            assert response.status_code in ANSWERS | {404}, (page, query)
    for key in some_of(KEYS, turn, 2):
        for view in ("change", "history", "delete"):
            response = administrator.get(f"{pages}{key}/{view}/")
            assert response.status_code in ANSWERS | {404}, (key, view)


@pytest.mark.parametrize("language", ["", "/es"])
@pytest.mark.parametrize(
    ("app", "model", "field"),
    [
        ("publications", "publication", "cover"),
        ("publications", "authorship", "author"),
        ("auth", "user", "groups"),
        ("publications", "publication", "title_en"),
        ("x", "y", "z"),
        ("", "", ""),
    ],
)
def test_the_box_that_searches_answers_anything(administrator, language, app, model, field):
    named = {"app_label": app, "model_name": model, "field_name": field}
    for term, page in (
        (b"a", "1"),
        (b"\0", "1"),
        (b'"', "x"),
        (b"a " * 300, MANY),
        (b"\xed\xa0\x80", "-1"),
        (b"", "0"),
        (b"%", "\0"),
    ):
        response = administrator.get(f"{language}/admin/autocomplete/", {**named, "term": term, "page": page})
        assert response.status_code in {200, 400, 403, 404}, (term, page)


@EACH_LIST
def test_forms_answer_what_no_browser_sends(administrator, turn, name):
    """Neither where the counts of rows are nonsense, nor where the rows are."""
    add = reverse(f"admin:{name}_changelist") + "add/"
    page = administrator.get(add)
    answers = ANSWERS if page.status_code == 200 else {403, 404}
    fields = page.context["adminform"].form.fields if page.status_code == 200 else ["a"]
    formsets = page.context["inline_admin_formsets"] if page.status_code == 200 else []
    prefixes = [formset.formset.prefix for formset in formsets]
    for value in some_of(VALUES, turn, 1):
        sent = dict.fromkeys(fields, value)
        counts = {f"{prefix}-{word}_FORMS": value for prefix in prefixes for word in ("TOTAL", "INITIAL")}
        assert administrator.post(add, sent | counts).status_code in answers, value
        for prefix, formset in zip(prefixes, formsets, strict=True):
            sent |= {f"{prefix}-TOTAL_FORMS": "1", f"{prefix}-INITIAL_FORMS": "0"}
            sent |= {f"{prefix}-0-{field}": value for field in formset.formset.empty_form.fields}
        assert administrator.post(add, sent).status_code in answers, value


@EACH_LIST
def test_actions_answer_what_no_browser_sends(administrator, turn, name):
    pages = reverse(f"admin:{name}_changelist")
    for value in some_of(VALUES, turn, 1):
        sent = {"_selected_action": [value, "1"], "select_across": value, "index": value, "form-TOTAL_FORMS": value}
        assert administrator.post(pages, {**sent, "action": value}).status_code in ANSWERS, value
        for action in some_of(ACTIONS, turn, 2):
            sent = {"action": action, "_selected_action": [value], "post": "yes", "index": "0"}
            assert administrator.post(pages, sent).status_code in ANSWERS, (value, action)


def test_what_is_asked_for_by_an_address_changes_nothing(administrator):
    """Though it is all that the form would send."""
    stored = [list(model._base_manager.order_by("pk").values()) for model in admin.site._registry]
    for model, name in zip(admin.site._registry, LISTS, strict=True):
        pages, key = reverse(f"admin:{name}_changelist"), getattr(model._base_manager.first(), "pk", 1)
        asked = {"_selected_action": key, "index": "0", "post": "yes", "_save": "1", "title_en": "Changed"}
        for action in ("delete_selected", "publish"):
            administrator.get(pages, asked | {"action": action})
        for page in ("add/", f"{key}/change/", f"{key}/delete/", *(f"{key}/step/{step}/" for step in STEPS)):
            administrator.get(f"{pages}{page}", asked)
    assert stored == [list(model._base_manager.order_by("pk").values()) for model in admin.site._registry]
