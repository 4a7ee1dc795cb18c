"""Pages that load only what a reader uses, all of it from the site itself."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

from docutils import nodes
from markupsafe import escape
from sphinx.application import Sphinx

from kingston_analysis.book.policy import POLICY

TEMPLATES = Path(__file__).with_name("templates")
ASSETS = Path(__file__).with_name("assets")

# Everything else that the stack brings (copy buttons, live code, toggles, tabs) has no use here.
SCRIPTS = (
    *("documentation_options.js", "doctools.js", "searchtools.js", "language_data.js"),
    *("sphinx_highlight.js", "sphinx-book-theme.js", "searchindex.js"),
)
# Script and style of the pages on which readers weigh headings, and of no other.
WEIGHT_EXPLORER = "weighing"
OF_EXPLORER = (f"{WEIGHT_EXPLORER}.css", f"{WEIGHT_EXPLORER}.js")
OWN_STYLES = ("kingston.css", f"{WEIGHT_EXPLORER}.css")
STYLES = ("pygments.css", "sphinx-book-theme.css", "kingston.css")
# Its name holds a hash of it.
_STYLE_OF_NOTEBOOKS = re.compile(r"mystnb\.[0-9a-f]{64}\.css")
UNUSED = (
    "_static/scripts/fontawesome.js*", "_static/*thebe*", "_static/clipboard*", "_static/copy*",
    "_static/*toggle*", "_static/design-tabs.js", "_static/sphinx-design*", "_static/**/*.map",
    "_static/**/*.ttf", "_static/**/*macros.html", "_static/**/*.LICENSE.txt.map",
    "_static/images/logo_*", "_static/locales", "_static/check-solid.svg", "_static/play-solid.svg",
    "_static/editions.css",
)  # fmt: skip


def keep_what_is_used(
    _app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """Leave out of a page's head the scripts and styles that no reader uses; give its policy."""
    context["content_security_policy"] = POLICY
    # The theme prints these as they are.
    for name in ("docstitle", "root_title", "pagetitle"):
        if name in context:
            context[name] = escape(context[name])
    explorer = f'class="kb-{WEIGHT_EXPLORER}' in context.get("body", "")
    for files, used in (("script_files", SCRIPTS), ("css_files", STYLES)):
        kept = (*used, *OF_EXPLORER) if explorer else used
        context[files] = [each for each in context[files] if _used(each, kept)]


def remove_unused(app: Sphinx, error: Exception | None) -> None:
    """Remove the files of scripts and styles that no page loads."""
    if error is None:
        for pattern in UNUSED:
            for place in sorted(Path(app.outdir).glob(pattern), reverse=True):
                shutil.rmtree(place) if place.is_dir() else place.unlink()


def _used(asset: Any, kept: tuple[str, ...]) -> bool:
    address = str(getattr(asset, "filename", asset) or "")
    name = address.partition("?")[0].rpartition("/")[2]
    return name in kept or _STYLE_OF_NOTEBOOKS.fullmatch(name) is not None
