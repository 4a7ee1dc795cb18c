"""Build a small book whose page asks for a glued value that no notebook has; show what comes."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

PAGE = "# Narrative\n\nRecorded were {glue:text}`numbers.ipynb::no_such_value` offences.\n"
FILES = {
    "_config.yml": "title: Glue\nexecute:\n  execute_notebooks: 'off'\n",
    "_toc.yml": "format: jb-book\nroot: page\nchapters:\n  - file: numbers\n",
    "page.md": PAGE,
}

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for name, text in FILES.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Numbers")])
        nbformat.write(notebook, Path(folder) / "numbers.ipynb")
        command = [str(Path(sys.executable).with_name("jupyter-book")), "build", folder]
        done = subprocess.run(command, capture_output=True, text=True)
        built = (Path(folder) / "_build" / "html" / "page.html").read_text(encoding="utf-8")
        [sentence] = re.findall(r"<p>(Recorded were.*?)</p>", built)
        sys.stdout.write(f"exit code {done.returncode}\nthe page says: {sentence}\n")
        sys.stdout.writelines(
            f"{line}\n" for line in done.stderr.splitlines() if "no_such_value" in line
        )
