"""Pages by papermill's `execute_notebook`, one after the other from this one process.

Takes a JSON list of pages, and a folder for the executed notebooks.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import papermill

if __name__ == "__main__":
    pages, folder = json.loads(sys.argv[1]), Path(sys.argv[2])
    for page in pages:
        target = folder / f"{page['name']}.ipynb"
        papermill.execute_notebook(
            page["template"], str(target), page["parameters"], progress_bar=False
        )
