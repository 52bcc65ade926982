"""Pages are sent packed to who can unpack them, and kept as they were sent."""

import gzip

import pytest

from tests.factories import make_publication, make_topic

pytestmark = pytest.mark.django_db
PACKED = {"HTTP_ACCEPT_ENCODING": "br, gzip"}


@pytest.fixture
def path():
    topic = make_topic()
    make_publication("First", topics=[topic])
    return topic.get_absolute_url()


def test_a_page_says_the_same_packed_and_not(client, path):
    plain = client.get(path)
    for _again in range(2):  # made, then kept
        packed = client.get(path, **PACKED)
        assert packed["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.content) == plain.content
        assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content)
    again = client.get(path)
    assert "Content-Encoding" not in again
    assert again.content == plain.content


def test_a_cache_between_keeps_the_two_apart(client, path):
    plain, packed = client.get(path), client.get(path, **PACKED)
    assert "Accept-Encoding" in plain["Vary"] and "Accept-Encoding" in packed["Vary"]
    assert plain["ETag"] != packed["ETag"]


def test_either_is_found_unchanged_and_neither_after_a_change(client, path):
    for coding in ({}, PACKED):
        etag = client.get(path, **coding)["ETag"]
        assert client.get(path, HTTP_IF_NONE_MATCH=etag, **coding).status_code == 304
        make_publication("Another")
        assert client.get(path, HTTP_IF_NONE_MATCH=etag, **coding).status_code == 200


def test_a_kept_page_is_not_packed_again(client, path, monkeypatch):
    client.get(path, **PACKED)
    monkeypatch.setattr(gzip, "compress", None)
    assert client.get(path, **PACKED).status_code == 200


@pytest.mark.parametrize("file", ["feed.atom", "feed.rss", "feed.json"])
def test_what_programs_read_is_packed_too(client, path, file):
    plain, packed = client.get(path + file), client.get(path + file, **PACKED)
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
