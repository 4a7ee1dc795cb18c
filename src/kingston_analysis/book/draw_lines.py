"""A process that draws what each line of its standard input asks for; it loads nothing else."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from kingston_analysis.book.draw import draw_all
from kingston_analysis.errors import KingstonError
from kingston_analysis.pages.lifetime import end_with_parent


def draw_lines() -> None:
    """Draw what each line of the standard input asks for, and answer it by a line."""
    for line in sys.stdin:
        folder, specifications = json.loads(line)
        mended, problem = [], ""
        try:
            mended = [str(file) for file in draw_all(specifications, Path(folder))]
        except KingstonError as error:
            problem = str(error)
        except OSError as error:
            problem = f"The drawings could not be kept in {folder}: {error.strerror or error}."
        sys.stdout.write(json.dumps([mended, problem]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    end_with_parent()
    draw_lines()
