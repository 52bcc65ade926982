"""Whatever is asked of the admin in an address: an answer, never an error of ours."""

import pytest
from django.contrib import admin
from django.urls import reverse

from tests.factories import make_user

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


@pytest.fixture
def administrator(client, small_site):
    client.force_login(make_user("administrator"))
    return client


@pytest.fixture
def superuser(client, small_site):
    client.force_login(make_user("administrator", is_superuser=True))
    return client


LISTS = [f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_answers_any_query(administrator, name):
    for language in ("", "/es"):
        url = language + reverse(f"admin:{name}_changelist")
        for query in QUERIES if not language else QUERIES[:3]:
            response = administrator.get(url, QUERY_STRING=query)
            assert response.status_code in {200, 302, 400, 403}, query


@pytest.mark.parametrize("name", LISTS)
def test_the_pages_of_a_record_answer_any_query_and_any_key(administrator, name):
    for view in ("add", "change", "history", "delete"):
        for key in ("1", "0", MANY, "-1", "x", "_00", "_5F", "%2500", "_ZZ", "é"):
            url = f"/admin/{name.replace('_', '/', 1)}/{key}/{view}/" if view != "add" else reverse(f"admin:{name}_add")
            for query in (
                "",
                "_popup=1&_to_field=password",
                f"cover={MANY}&topics=x&parent=%00&_changelist_filters=%00",
            ):
                if query and view not in ("add", "change"):
                    continue
                response = administrator.get(url, QUERY_STRING=query)
                assert response.status_code in {200, 302, 400, 403, 404}, (url, query)
            if view == "add":
                break


@pytest.mark.parametrize("language", ["", "/es"])
def test_the_box_that_searches_answers_anything(administrator, language):
    fields = [
        ("publications", "publication", "cover"),
        ("publications", "authorship", "author"),
        ("auth", "user", "groups"),
    ]
    for app, model, field in [*fields, ("x", "y", "z"), ("publications", "publication", "title_en"), ("", "", "")]:
        for term, page in (
            ("a", "1"),
            ("\0", "1"),
            ('"', "x"),
            ("a " * 300, MANY),
            ("\ud800", "-1"),
            ("", "0"),
            ("%", "\0"),
        ):
            asked = {
                "app_label": app,
                "model_name": model,
                "field_name": field,
                "term": term.encode("utf-8", "replace"),
                "page": page,
            }
            assert administrator.get(f"{language}/admin/autocomplete/", asked).status_code in {200, 403, 404}
            assert administrator.post(f"{language}/admin/autocomplete/", asked).status_code in {200, 403, 404, 405}


@pytest.mark.parametrize("name", LISTS)
def test_forms_answer_what_no_browser_sends(administrator, name):
    values = (MANY, "\0", "x", "é" * 3000, "-1", "2017-99-99", "NaN", "[]", "{")
    page = administrator.get(reverse(f"admin:{name}_add"))
    fields = page.context["adminform"].form.fields if page.status_code == 200 else {"a": None}
    inlines = (
        [formset.formset.prefix for formset in page.context["inline_admin_formsets"]] if page.status_code == 200 else []
    )
    for value in values:
        sent = dict.fromkeys(fields, value)
        sent |= {f"{prefix}-{word}": value for prefix in inlines for word in ("TOTAL_FORMS", "INITIAL_FORMS", "0-id")}
        response = administrator.post(reverse(f"admin:{name}_add"), sent)
        assert response.status_code in {200, 302, 400, 403}, value
        whole = sent | {
            f"{prefix}-{word}": "1" if "TOTAL" in word else "0"
            for prefix in inlines
            for word in ("TOTAL_FORMS", "INITIAL_FORMS")
        }
        rows = {
            f"{prefix}-0-{word}": value
            for prefix in inlines
            for word in ("id", "position", "author", "topic", "file", "DELETE", "url")
        }
        response = administrator.post(reverse(f"admin:{name}_add"), whole | rows)
        assert response.status_code in {200, 302, 400, 403}, value
        actions = {
            "action": value,
            "_selected_action": [value, "1"],
            "select_across": value,
            "index": value,
            "form-TOTAL_FORMS": value,
        }
        response = administrator.post(reverse(f"admin:{name}_changelist"), actions)
        assert response.status_code in {200, 302, 400, 403}, value
        for action in ("delete_selected", "submit", "publish", "approve"):
            sent = {"action": action, "_selected_action": [value], "post": "yes", "index": value}
            assert administrator.post(reverse(f"admin:{name}_changelist"), sent).status_code in {200, 302, 400, 403}
