"""What a site must hold to: nothing from elsewhere, no dead link, no broken number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

from kingston_analysis.errors import Problem, collect_into
from kingston_analysis.results import read_findings
from kingston_analysis.show.figure import LONGEST, SHORTEST

# What a browser fetches by itself, by element and attribute.
FETCHED = {"script": "src", "img": "src", "iframe": "src", "link": "href", "source": "src"}
# A value that is none, as Python writes it; at the start of a sentence, None is a word.
BROKEN = re.compile(r"\b(nan|NaN|inf|undefined|Traceback)\b|(?<=[a-z0-9,(=] )None\b")
# Links that are made and followed by scripts only.
NOT_LINKS = ("#", "")


class ParsedPage(HTMLParser):
    """One page's ids, links, fetched addresses, text alternatives and text of its article."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.alternatives: list[str] = []
        self.article: list[str] = []
        self._in_article = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element refers to."""
        attributes = {name: value or "" for name, value in attrs}
        self._in_article = self._in_article or tag == "article"
        if "id" in attributes:
            self.ids.add(attributes["id"])
        if tag == "a" and "href" in attributes:
            self.links.append(attributes["href"])
        if tag in FETCHED and FETCHED[tag] in attributes:
            self.fetched.append(attributes[FETCHED[tag]])
        if "kb-chart" in attributes.get("class", "").split():
            self.alternatives.append(attributes.get("aria-label", ""))

    def handle_endtag(self, tag: str) -> None:
        """Note the end of the article."""
        self._in_article = self._in_article and tag != "article"

    def handle_data(self, data: str) -> None:
        """Keep the text of the article."""
        if self._in_article:
            self.article.append(data)


def book_problems(site: Path) -> list[Problem]:
    """Find everything wrong with a site."""
    if not (site / "index.html").exists():
        return [Problem("There is no site yet.", site, remedy="Run `kingston build`.")]
    files = sorted(site.rglob("*.html"))
    pages = {file: ParsedPage(file.read_text(encoding="utf-8")) for file in files}
    problems = [each for file in pages for each in _page_problems(file, pages)]
    for file in sorted(site.glob("*/*/findings.json")):
        with collect_into(problems):
            read_findings(file)
    return problems


def _page_problems(file: Path, pages: dict[Path, ParsedPage]) -> Iterator[Problem]:
    page = pages[file]
    for address in page.fetched:
        if re.match(r"(https?:)?//", address):
            yield Problem(f"The page loads {address} from elsewhere.", file)
    for link in page.links:
        if not _leads_somewhere(link, file, pages):
            yield Problem(f"The link to {link} leads nowhere.", file)
    for alternative in page.alternatives:
        if not SHORTEST <= len(alternative) <= LONGEST:
            yield Problem(f"A chart's text alternative has {len(alternative)} characters.", file)
    if found := BROKEN.search(" ".join(page.article)):
        yield Problem(f"The page shows '{found[0]}' where a value belongs.", file)


def _leads_somewhere(link: str, file: Path, pages: dict[Path, ParsedPage]) -> bool:
    path, fragment = urldefrag(unquote(link))
    if link in NOT_LINKS or re.match(r"[a-z]+:", path):
        return True
    target = (file.parent / path).resolve() if path else file
    if target in pages:
        return not fragment or fragment in pages[target].ids
    return target.exists()
