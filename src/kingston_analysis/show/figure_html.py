"""A figure as HTML: drawn chart, alternative, data and evidence, without any script."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from kingston_analysis.show.escaping import csv_cell, html
from kingston_analysis.show.table import is_missing, table_from_data


@dataclass(frozen=True)
class Drawing:
    """A chart drawn for a wide and for a narrow screen, as SVG."""

    wide: Markup
    narrow: Markup


def figure_html(about: dict[str, Any], page: str, drawing: Drawing, up: str, code: str) -> Markup:
    """Write a figure's HTML.

    `about` is the `usermeta` of its specification, `up` leads from the page to the site's root,
    `code` is the version of the code that built the site.
    """
    return html(
        "figure.html.j2",
        about=about,
        drawing=drawing,
        table=table_from_data(about["table"]).as_html(),
        csv=f"{up}{csv_path(page, about['figure'])}",
        notebook=f"{up}{notebook_path(page)}",
        record=f"{up}{record_path(page)}",
        id=f"{page}-{about['figure']}",
        code=code,
    )


def csv_path(page: str, figure: str) -> str:
    """Return the place of a figure's data below the site's root."""
    return f"figures/{page}/{figure}.csv"


def notebook_path(page: str) -> str:
    """Return the place of a page's executed notebook below the site's root."""
    return f"notebooks/{page}.ipynb"


def record_path(page: str) -> str:
    """Return the place of a page's record below the site's root."""
    return f"records/{page}.json"


def figure_csv(about: dict[str, Any]) -> str:
    """Write exactly the values of a figure's table as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(csv_cell(heading["title"]) for heading in about["table"]["headings"])
    writer.writerows(
        ["[x]" if is_missing(cell) else csv_cell(cell) for cell in row]
        for row in about["table"]["rows"]
    )
    return text.getvalue()
