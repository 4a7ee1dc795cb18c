"""What Sphinx and its parsers may not do in a book: what they do not know, no text can ask for."""

from __future__ import annotations

import html
from typing import TypeVar

from docutils import nodes
from docutils.parsers.rst import directives, roles
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging

from kingston_analysis.book.in_book import is_foreign
from kingston_analysis.book.page_parser import NO_SYNTAX, SYNTAX
from kingston_analysis.data.markup import DIRECTIVES, ROLES

T = TypeVar("T")
_log = logging.getLogger(__name__)


def close_syntax(_app: Sphinx, config: Config) -> None:
    """Show HTML in Markdown as the text that it is, and run no Jinja."""
    config.myst_enable_extensions = set(SYNTAX)
    config.myst_disable_syntax = list(NO_SYNTAX)


def forget_others(app: Sphinx) -> None:
    """Leave to pages the roles and directives that they may use, and no file but their own."""
    # Those that extensions bring, and those of docutils.
    for name in ("_directives", "_directive_registry"):
        _keep(vars(directives)[name], DIRECTIVES)
    for name in ("_roles", "_role_registry"):
        _keep(vars(roles)[name], ROLES)
    for domain in app.env.domains.values():
        _keep(domain.directives, DIRECTIVES)
        _keep(domain.roles, ROLES)
    app.env.settings |= {"raw_enabled": False, "file_insertion_enabled": False}
    for listeners in app.events.listeners.values():
        # It adds a script to every page, for buttons that the pages do not have.
        listeners[:] = [
            each for each in listeners if not each.handler.__module__.startswith("sphinx_thebe")
        ]


def _keep(registry: dict[str, T], names: frozenset[str]) -> None:
    for name in registry.keys() - names:
        del registry[name]


def refuse_foreign(_app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Take out what is neither text nor made by this package, and warn, which ends the build."""
    for node in list(doctree.findall(is_foreign)):
        text = " ".join(node.astext().split())[:60]
        what = "The page holds a %s that is not made by this book: %s"
        _log.warning(what, type(node).__name__, text, location=node if node.source else page)
        node.parent.remove(node)


def escape_titles(app: Sphinx) -> list[tuple[str, dict[str, object], str]]:
    """Escape the headings in the index of the search, whose script takes them for HTML."""
    titles = vars(app.builder)["indexer"]._all_titles
    for page, found in titles.items():
        titles[page] = [(html.escape(title, quote=False), anchor) for title, anchor in found]
    return []
