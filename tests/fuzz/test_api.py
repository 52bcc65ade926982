"""Whatever its description allows, and what it does not, the API answers as it is described to."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import example, given
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from research_hub.activity.models import Activity

from .conftest import some_of, tries
from .test_public_addresses import HOSTILE

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]


@pytest.fixture
def application():
    """The site as a server calls it, but that no request closes the connection, on which the test's transaction is."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def operations(small_site, application):
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    return [found.ok() for found in schema.get_all_operations()]


@pytest.mark.parametrize("mode", MODES, ids=["as described", "not as described"])
def test_every_operation_answers_as_it_is_described(operations, mode):
    assert len(operations) == 13
    for operation in operations:

        @tries(6)
        @given(case=operation.as_strategy(generation_mode=mode))
        def answers(case):
            case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})

        if mode is GenerationMode.POSITIVE or operation.query or operation.path_parameters:
            answers()


@pytest.mark.parametrize("path", ["entries", "search", "topics", "authors", "regions", "series", "types", ""])
def test_every_word_takes_hostile_values(client, small_site, path):
    described = client.get("/api/v1/openapi.json").json()["paths"][f"/api/v1/{path}"]["get"]
    for turn, name in enumerate(parameter["name"] for parameter in described.get("parameters", [])):
        for value in some_of(HOSTILE, turn, 4):
            query = f"{name}=".encode() + b"".join(b"%%%02x" % byte for byte in value)
            response = client.get(f"/api/v1/{path}", QUERY_STRING=f"{query.decode()}&{query.decode()}")
            assert response.status_code in {200, 301, 404, 422}, (name, value)
            if response.status_code != 301:
                assert response["Content-Type"] == "application/json; charset=utf-8"
                response.json()


@pytest.mark.once
@tries(15)
@example(rest="a\nb")
@given(rest=st.text(alphabet=st.characters(codec="utf-8"), max_size=30))
def test_any_address_below_it_is_answered_in_json(client, small_site, rest):
    for start in ("", "entries/", "topics/", "openapi.json/"):
        response = client.get(f"/api/v1/{start}{rest}")
        assert response.status_code in {200, 404, 422}
        assert response["Content-Type"].startswith("application/json")


def test_what_is_public_is_all_that_it_tells(client, small_site):
    told = client.get("/api/v1/entries").json()["items"]
    assert {item["uid"] for item in told} == set(Activity.objects.values_list("uid", flat=True))
