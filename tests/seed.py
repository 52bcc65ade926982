"""The page that this product replaces, as records: ../shared/data/seed_topic.json."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from research_hub.activity.dates import read_iso
from tests.factories import make_event, make_publication, make_topic

ZONE = ZoneInfo("America/New_York")


def load_seed(folder):
    """The topic with its 13 entries, published; titles are the summaries' first words, as the page lost them."""
    seed = json.loads((folder / "seed_topic.json").read_text(encoding="utf-8"))
    topic = make_topic(seed["topic"]["name_en"], "", intro_en=f"<p>{seed['topic']['blurb_en']}</p>")
    return topic, [make_entry(item, topic) for item in seed["items"]]


def make_entry(item, topic):
    language = item["language"]
    words = {
        f"title_{language}": title_of(item),
        f"summary_{language}": item["summary"].strip(),
        "source_language": language,
        "topics": [topic],
        "media": [medium.lower() for medium in item["media"]],
    }
    if item["kind_guess"] == "publication":
        return make_publication("", type=item["subtype_guess"], date=item["date"] or "", **words)
    day = read_iso(item["date"]).lo
    return make_event(
        "", starts_at=datetime(day.year, day.month, day.day, 18, tzinfo=ZONE), time_zone=ZONE.key, **words
    )


def title_of(item) -> str:
    return " ".join(item["summary"].split()[:8])
