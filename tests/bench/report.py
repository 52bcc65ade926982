"""The tables of one database: a column or a table for each size, in Markdown."""

from collections.abc import Iterable


def tables(runs: list[dict]) -> str:
    """Everything found on one database, at each size."""
    first, last = runs[0], runs[-1]
    parts = [f"## {first['engine']}", reading(runs), making(runs), desk(runs)]
    for run in runs:
        parts += [f"### {run['listed']:,} entries", in_process(run), served(run)]
    if len(runs) > 1:
        parts += [f"### {last['listed']:,} entries against {first['listed']:,}", growth(first, last)]
    return "\n\n".join(parts)


def table(head: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    head = list(head)
    lines = [head, ["---"] + ["--:"] * (len(head) - 1), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def is_sqlite(run: dict) -> bool:
    return run["engine"].startswith("SQLite")


def unit(run: dict) -> str:
    return "steps" if is_sqlite(run) else "rows (blocks)"


def done(run: dict, part: dict) -> str:
    return f"{part['steps']:,}" if is_sqlite(run) else f"{part['steps']:,} ({part['blocks']:,})"


def reading(runs: list[dict]) -> str:
    """The work of each query behind a list, size by size."""
    columns = [list(run["reading"].values()) for run in runs]
    rows = [
        [
            name,
            *(
                f"{done(run, found[place])}, {found[place]['ms']:.2f} ms"
                for run, found in zip(runs, columns, strict=True)
            ),
        ]
        for place, name in enumerate(runs[-1]["reading"])
    ]
    return table([f"queries behind a list, {unit(runs[0])}", *(f"{run['listed']:,}" for run in runs)], rows)


def desk(runs: list[dict]) -> str:
    """The pages of the translation desk, size by size."""
    rows = [[name, *(f"{run['desk'][name]:.0f} ms" for run in runs)] for name in runs[-1]["desk"]]
    return table(["the translation desk", *(f"{run['listed']:,}" for run in runs)], rows)


def making(runs: list[dict]) -> str:
    def per_100k(run: dict, name: str) -> str:
        taken, of_python = (number / run["entries"] * 1e5 for number in run["making"][name])
        return f"{taken:.0f} s ({of_python:.0f} s)"

    long = {"load": "loaded", "rebuild": "rebuild_activity", "check": "check_activity"}
    rows = [
        [f"{title}, per 100,000 entries (Python's part)", *(per_100k(run, name) for run in runs)]
        for name, title in long.items()
    ]
    rows += [
        ["an entry changes: queries", *(run["making"]["queries of a change"] for run in runs)],
        ["an entry changes: ms", *(f"{run['making']['milliseconds of a change']:.1f}" for run in runs)],
        ["most memory of all this", *(f"{run['making']['peak megabytes']:.0f} MB" for run in runs)],
        ["database", *(f"{run['making']['megabytes stored']:.0f} MB" for run in runs)],
        ["server: a master and two workers", *(f"{run['memory at first']:.0f} MB" for run in runs)],
        ["after all these pages", *(f"{run['memory']:.0f} MB" for run in runs)],
    ]
    return table(["making the lists", *(f"{run['listed']:,}" for run in runs)], rows)


def in_process(run: dict) -> str:
    """Queries, work and processor time of each page, and how often the bare page would go into that time."""
    bare = run["bare"]["times"]
    head = ["page", "queries", unit(run), "kB", "made anew, µs", "x bare", "kept, x", "unchanged, x"]
    rows = [["bare", 0, 0, 0, f"{bare:.0f}", 1, "", ""]]
    for name, page in run["pages"].items():
        states = [page.get(f"{state} in bare pages") for state in ("made", "kept", "unchanged")]
        ratios = [f"{ratio:.1f}" if ratio else "" for ratio in states]
        size = f"{page['bytes'] / 1000:.0f}"
        rows.append([name, page["queries"], done(run, page), size, f"{page['made']:.0f}", *ratios])
    return table(head, rows)


def served(run: dict) -> str:
    """What gunicorn gives, and how often its bare page would go into the processor time of server and database."""
    bare = run["bare"]["served"]
    pages = {"bare": bare} | {name: page["served"] for name, page in run["pages"].items()}
    pages |= {f"{name}, kept": page["kept served"] for name, page in run["pages"].items() if "kept served" in page}
    head = ["page under gunicorn", *(f"ms ({n} at once) | requests/s | x bare" for n in bare)]
    rows = []
    for name, loads in pages.items():
        rows.append([name])
        for places, load in loads.items():
            ratio = load["server_microseconds"] / bare[places]["server_microseconds"]
            rows[-1] += [f"{load['milliseconds']:.1f}", f"{load['per_second']:.0f}", f"{ratio:.1f}"]
    return table(" | ".join(head).split(" | "), rows)


def growth(first: dict, last: dict) -> str:
    """How much more a page takes on the larger corpus, measured in bare pages of its own run."""
    rows = []
    for name in last["pages"]:
        ratios = [run["pages"][name]["made in bare pages"] for run in (first, last)]
        works = [run["pages"][name]["steps"] for run in (first, last)]
        rows.append([name, f"{ratios[1] / ratios[0]:.2f}", f"{works[1] / works[0]:.2f}"])
    return table(["page", "processor time, x", "work, x"], rows)
