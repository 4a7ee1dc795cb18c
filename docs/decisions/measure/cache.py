"""Run a notebook by jupyter-cache, change the file that it reads, run it again, show its number."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.executors import load_executor

CODE = "from pathlib import Path\nprint(Path('count.txt').read_text())"

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        counted, page = Path(folder) / "count.txt", Path(folder) / "page.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CODE)]), page)
        cache = get_cache(str(Path(folder) / "cache"))
        for number in ("1,000", "2,000"):
            counted.write_text(number, encoding="utf-8")
            cache.add_nb_to_project(str(page))
            load_executor("local-serial", cache).run_and_cache()
            held = cache.merge_match_into_file(str(page))[1]
            shown = held.cells[0].outputs[0].text.strip()
            sys.stdout.write(f"the file says {number}, the page says {shown}\n")
