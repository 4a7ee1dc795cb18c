"""One table changed: the pages that depend on it run, and no other, in proportion to the time."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.cold import cold
from tests.benchmarks.measure import Bench, interleaved
from tests.benchmarks.table import Row

TABLES = "data/tables/"
# What a run takes of time without regard to how many pages it runs is in one page's time.
OF_PROPORTION = 1.25


def changed_rows(bench: Bench, _wanted: set[str]) -> list[Row]:
    """Change a table on which about a quarter of the pages depend, run, and see which ran."""
    bench.run_pages()
    dependent = _dependent(bench)
    table = min(dependent, key=lambda each: abs(len(dependent[each]) - len(bench.pages) / 4))
    expected = dependent[table]
    seen: list[set[str]] = []

    def change_and_run() -> float:
        _change(bench.project.root / TABLES / f"{table}.csv")
        bench.project.vouch_for(table)
        before = _written(bench)
        seconds = bench.run_pages()
        seen.append({name for name, when in _written(bench).items() if when != before[name]})
        return seconds

    one_page = ["run", "--edition", str(bench.edition), "--force", "--only", min(expected)]
    took = interleaved(
        bench.rounds,
        {
            "cold": lambda: cold(bench),
            "changed": change_and_run,
            "one page": lambda: bench.kingston(*one_page),
        },
    )
    pages, all_pages = len(expected), len(bench.pages)
    share = (pages - 1) / (all_pages - 1)
    in_proportion = took["one page"] + share * (took["cold"] - took["one page"])
    only, ratio = all(ran == expected for ran in seen), took["changed"] / in_proportion
    return [
        Row(
            f"one table changed (`{table}`): pages run",
            "all pages, cold",
            "only the dependent pages, time in proportion (between one page and all; "
            f"at most {OF_PROPORTION} times)",
            f"{'only' if only else '**not** only'} the {pages} dependent of {all_pages} pages, "
            f"{took['changed'] / took['cold']:.2f} of the time, {ratio:.2f} times the proportion",
            only and ratio <= OF_PROPORTION,
            f"{took['changed']:.1f} s against {took['cold']:.1f} s; "
            f"one page {took['one page']:.1f} s",
        )
    ]


def _change(file: Path) -> None:
    """Change the bytes of a table, and with them its hash: its first heading in quotes or not."""
    first, comma, rest = file.read_text(encoding="utf-8").partition(",")
    heading = first.strip('"') if first.startswith('"') else f'"{first}"'
    file.write_text(f"{heading}{comma}{rest}", encoding="utf-8", newline="")


def _dependent(bench: Bench) -> dict[str, set[str]]:
    """List, for each table in CSV, the pages that read it, or the findings of one that did."""
    names = [page.name for page in bench.pages]
    inputs = {name: bench.project.record(name, bench.edition)["inputs"] for name in names}
    found: dict[str, set[str]] = {}
    for name in names:
        for file in inputs[name]["files"]:
            if file.startswith(TABLES) and file.endswith(".csv"):
                found.setdefault(Path(file).stem, set()).add(name)
    for pages in found.values():
        pages |= {name for name in names if pages & inputs[name]["pages"].keys()}
    return found


def _written(bench: Bench) -> dict[str, int]:
    folder = bench.project.pages(bench.edition)
    return {page.name: (folder / f"{page.name}.json").stat().st_mtime_ns for page in bench.pages}
