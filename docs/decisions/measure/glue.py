"""Build a small book that glues values across pages, one of which there is not; show what comes."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

PAGE = """# Narrative

That there is, with a format: {glue:text}`numbers.ipynb::count:.1f`.

That there is, without one: {glue:text}`numbers.ipynb::count`.

That there is not: {glue:text}`numbers.ipynb::no_such_value:.1f`.
"""
FILES = {
    "_config.yml": "title: Glue\nexecute:\n  execute_notebooks: 'off'\n",
    "_toc.yml": "format: jb-book\nroot: page\nchapters:\n  - file: numbers\n",
    "page.md": PAGE,
}


def notebook_with_a_glued_value() -> nbformat.NotebookNode:
    """Return a notebook that was run and glued `count`."""
    v4 = nbformat.v4
    glued = v4.new_output(
        "display_data",
        {"application/papermill.record/text/plain": "2008.0"},
        metadata={"scrapbook": {"name": "count", "mime_prefix": "application/papermill.record/"}},
    )
    cell = v4.new_code_cell("glue('count', 2008.0, display=False)", outputs=[glued])
    metadata = {"language_info": {"name": "python", "pygments_lexer": "python"}}
    return v4.new_notebook(cells=[v4.new_markdown_cell("# Numbers"), cell], metadata=metadata)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for name, text in FILES.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        nbformat.write(notebook_with_a_glued_value(), Path(folder) / "numbers.ipynb")
        command = [str(Path(sys.executable).with_name("jupyter-book")), "build", folder]
        done = subprocess.run(command, capture_output=True, text=True)
        built = (Path(folder) / "_build" / "html" / "page.html").read_text(encoding="utf-8")
        sentences = re.findall(r"<p>(That there .*?)</p>", built)
        warnings = [line for line in done.stderr.splitlines() if "WARNING" in line]
        told = [*sentences, f"exit code {done.returncode}", *(warnings or ["no warning"])]
        sys.stdout.write("\n".join(told) + "\n")
