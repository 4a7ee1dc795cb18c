"""The project's Sphinx extension: roles and directives of the narrative, and lean pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from kingston_analysis.book import (
    borders,
    directives,
    prune_assets,
    roles,
    summary_charts,
    summary_pdf,
)
from kingston_analysis.book.context import DRAFT, build_context


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension with Sphinx."""
    for name in (*roles.FORMS, "rank"):
        app.add_role(name, roles.FindingRole(), override=True)
    app.add_role("edition", roles.EditionRole())
    app.add_role("claim", roles.ClaimRole())
    app.add_role("edition-file", roles.FileRole())
    app.add_directive("if-known", directives.IfKnown)
    app.add_directive("headline", directives.Headline)
    app.add_directive("theme-strip", directives.ThemeCards)
    app.add_directive("with-plan", directives.WithPlan)
    app.add_directive("without-plan", directives.WithoutPlan)
    app.add_directive("not-available", directives.NotAvailableBox)
    app.add_directive("plan", directives.PlanPart)
    app.add_directive("weighing", directives.WeightExplorer)
    app.add_directive("theme-charts", summary_charts.ThemeCharts)
    app.add_node(summary_charts.chart, html=(summary_charts.visit_chart, None))
    app.connect("doctree-resolved", summary_pdf.write_pdf)
    app.add_node(nodes.entry, override=True, html=(_visit_entry, _depart_entry))
    # After the theme's.
    for name in prune_assets.OWN_STYLES:
        app.add_css_file(name, priority=800)
    app.add_js_file(f"{prune_assets.WEIGHT_EXPLORER}.js", priority=800)
    app.connect("config-inited", _name_the_book)
    app.connect("config-inited", borders.close_syntax)
    app.connect("builder-inited", borders.forget_others, priority=900)
    app.connect("doctree-resolved", borders.refuse_foreign, priority=900)
    app.connect("html-collect-pages", borders.escape_titles)
    app.connect("html-page-context", prune_assets.keep_what_is_used, priority=900)
    app.connect("build-finished", prune_assets.remove_unused, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _name_the_book(app: Sphinx, config: Config) -> None:
    config.templates_path.append(str(prune_assets.TEMPLATES))
    config.html_static_path.append(str(prune_assets.ASSETS))
    context = build_context(Path(app.srcdir))
    config.html_title = f"{context.title}: {context.area}"
    if context.draft:
        config.html_theme_options["announcement"] = DRAFT


def _visit_entry(translator: Any, node: nodes.entry) -> None:
    """Say of every header cell of a narrative table that it heads a column."""
    type(translator).visit_entry(translator, node)
    if isinstance(node.parent.parent, nodes.thead):
        translator.body[-1] = translator.body[-1].replace("<th", '<th scope="col"', 1)


def _depart_entry(translator: Any, node: nodes.entry) -> None:
    type(translator).depart_entry(translator, node)
