"""Nothing changed: a run and a build, against what Jupyter Book's cache of notebooks needs."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import papermill
import yaml

from tests.benchmarks.measure import Bench, interleaved
from tests.benchmarks.table import Row

LIMIT = 1.5
# Our own drawing of figures asks for a book of ours, so the peer's book is one without outputs.
BARE = {"nb_remove_code_outputs": True}
SETTINGS = {
    "title": "Pages",
    "execute": {"execute_notebooks": "cache", "timeout": 600},
    "sphinx": {"config": BARE},
}


def unchanged_rows(bench: Bench, _wanted: set[str]) -> list[Row]:
    """Measure a run and a build that find nothing to do."""
    edition = ["--edition", str(bench.edition)]
    bench.kingston("build", *edition)
    book = _book(bench)
    _build(bench, book)
    took = interleaved(
        bench.rounds,
        {
            "run": lambda: bench.kingston("run", *edition),
            "build": lambda: bench.kingston("build", *edition),
            "jupyter-book": lambda: _build(bench, book),
        },
    )
    return [_row(name, took[name], took["jupyter-book"]) for name in ("run", "build")]


def _row(name: str, own: float, peer: float) -> Row:
    return Row(
        f"nothing changed: `kingston {name}`",
        "Jupyter Book with `execute_notebooks: cache`, nothing changed",
        f"faster, and under {LIMIT} s",
        f"{peer / own:.1f} times faster",
        own < min(peer, LIMIT),
        f"{own:.2f} s against {peer:.2f} s",
    )


def _book(bench: Bench) -> Path:
    """Make a book of the same pages, with their parameters, for Jupyter Book to execute."""
    folder = bench.folder("book")
    for page in json.loads(bench.given()):
        target = str(folder / f"{page['name']}.ipynb")
        papermill.execute_notebook(
            page["template"], target, page["parameters"], prepare_only=True, progress_bar=False
        )
    first, *others = [page.name for page in bench.pages]
    contents = {"format": "jb-book", "root": first, "chapters": [{"file": each} for each in others]}
    for name, content in (("_config.yml", SETTINGS), ("_toc.yml", contents)):
        (folder / name).write_text(yaml.safe_dump(content), encoding="utf-8")
    return folder


def _build(bench: Bench, book: Path) -> float:
    command = str(Path(sys.executable).with_name("jupyter-book"))
    return bench.seconds([command, "build", str(book)])
