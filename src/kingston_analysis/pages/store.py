"""Store the outputs of the templates, run with their defaults, for nbval to hold them to."""

from __future__ import annotations

import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from kingston_analysis.pages.engines import KERNEL
from kingston_analysis.pages.execution import own_sockets
from kingston_analysis.pages.outputs import cleaned
from kingston_analysis.project import Project


def store_outputs(project: Project) -> None:
    """Run every template as it stands and write it back with its outputs, free of times and ids."""
    for file in sorted(project.notebooks.glob("*.ipynb")):
        notebook = nbformat.read(file, as_version=4)
        with tempfile.TemporaryDirectory() as sockets:
            config = own_sockets(Path(sockets) / "kernel")
            client = NotebookClient(
                notebook,
                kernel_name=KERNEL["name"],
                record_timing=False,
                resources={"metadata": {"path": str(file.parent)}},
                config=config,
            )
            client.execute()
        text = nbformat.writes(cleaned(notebook)) + "\n"
        file.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    store_outputs(Project.find())
