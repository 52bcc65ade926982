import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import translation

from topics.tree import topics_at


def pytest_collection_modifyitems(config, items):
    """A test about one database is no test of the other."""
    others = {"sqlite", "postgresql"} - {connection.vendor}
    left_out = [item for item in items if any(item.get_closest_marker(other) for other in others)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(autouse=True)
def english():
    """A test begins in the default language, whatever page the one before it visited."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _files_in_a_folder_of_their_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(autouse=True)
def _nothing_kept():
    """What is kept by version is wrong in a test that is rolled back and run on a clock that stands still."""
    cache.clear()
    topics_at.cache_clear()


@pytest.fixture
def shared_data():
    """The folder of real records that stands beside the checkout in some places."""
    if not settings.SHARED_DATA.exists():
        pytest.skip("the folder ../shared/data is not here")
    return settings.SHARED_DATA
