"""The parser of Markdown that makes the pages of a book, for whoever must read them as it does."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

# Without `substitution`, which runs Jinja, and `dollarmath`, which asks for a script of others.
SYNTAX = ("colon_fence", "deflist", "linkify", "tasklist")
# HTML in Markdown is shown as the text that it is.
NO_SYNTAX = ("html_block", "html_inline")


@cache
def page_parser() -> MarkdownIt:
    """Return the parser as Sphinx is configured to make it."""
    config = MdParserConfig(enable_extensions=set(SYNTAX), disable_syntax=list(NO_SYNTAX))
    return create_md_parser(config, RendererHTML)
