"""The tables of docs/archive.md, made from the models: `python -m tests.archive.document` writes them."""

import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "archive.md"
BEGIN, END = "<!-- tables: begin -->", "<!-- tables: end -->"


def tables() -> str:
    from django.utils import translation

    from research_hub.archive.format import KEYS, RECORDS, columns_of, file_of, label_of, model_of, ties_of

    parts = []
    with translation.override("en"):
        for label in RECORDS:
            model = model_of(label)
            about = " ".join((model.__doc__ or "").split())
            about = "" if about.startswith(f"{model.__name__}(") else f"{about.split('. ')[0].rstrip('.')}."
            rows = [f"| `{field.name}` | {type_of(field)} | {field.verbose_name} |" for field in columns_of(label)]
            rows += [
                f"| `{field.name}` | list of {label_of(field.related_model)} | {field.verbose_name} |"
                for field in ties_of(label)
            ]
            named = f"Others name it by: `{'`, `'.join(KEYS[label].columns)}`." if label in KEYS else ""
            head = "\n".join(filter(None, [f"### `{file_of(label)}`", "", about, named]))
            parts.append("\n".join([head, "", "| field | type | what it is |", "|---|---|---|", *rows]))
    return "\n\n".join(parts)


def type_of(field) -> str:
    from research_hub.archive.format import kind_of_value, label_of

    words = label_of(field.related_model) if field.is_relation else kind_of_value(field)[0]
    if field.choices and not field.is_relation:
        words += f": {', '.join(f'`{value}`' for value, _name in field.flatchoices)}"
    return f"{words}, or null" if field.null else words


def documented() -> str:
    return re.search(f"{BEGIN}\n(.*)\n{END}", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)[1]


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    text = DOCUMENT.read_text(encoding="utf-8")
    head, tail = text.split(BEGIN)[0], text.split(END)[1]
    DOCUMENT.write_text(f"{head}{BEGIN}\n{tables()}\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
