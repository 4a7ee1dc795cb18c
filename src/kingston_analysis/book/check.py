"""What a published site must hold to: nothing from elsewhere, no dead link, no broken number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urldefrag

from bs4 import BeautifulSoup, Tag

from kingston_analysis.book.build import SITE
from kingston_analysis.errors import KingstonError, Problem
from kingston_analysis.findings import read_findings
from kingston_analysis.show.figures import LONGEST, SHORTEST

# What a browser fetches by itself, by element and attribute.
FETCHED = {"script": "src", "img": "src", "iframe": "src", "link": "href", "source": "src"}
BROKEN = re.compile(r"\b(nan|NaN|None|inf|undefined|Traceback)\b")


def book_problems(site: Path = SITE) -> list[Problem]:
    """Find everything wrong with a published site."""
    if not (site / "index.html").exists():
        return [Problem("There is no site yet.", site, remedy="Run `kingston build`.")]
    problems = [each for page in sorted(site.rglob("*.html")) for each in _page(page, site)]
    for file in sorted(site.glob("*/findings.json")):
        try:
            read_findings(file)
        except KingstonError as error:
            problems += error.problems
    return problems


def _page(page: Path, site: Path) -> Iterator[Problem]:
    soup = BeautifulSoup(page.read_bytes(), "html.parser")
    for name, attribute in FETCHED.items():
        for element in soup.find_all(name):
            if re.match(r"(https?:)?//", str(element.get(attribute, ""))):
                yield Problem(f"The page loads {element[attribute]} from elsewhere.", page)
    targets = {element["id"] for element in soup.find_all(id=True)}
    for link in soup.find_all("a", href=True):
        yield from _link(page, str(link["href"]), targets, site)
    for chart in soup.select(".kb-chart"):
        length = len(str(chart.get("aria-label", "")))
        if not SHORTEST <= length <= LONGEST:
            yield Problem(f"A chart's text alternative has {length} characters.", page)
    article = soup.find("article")
    if isinstance(article, Tag) and (found := BROKEN.search(article.get_text(" "))):
        yield Problem(f"The page shows '{found[0]}' where a value belongs.", page)


def _link(page: Path, href: str, own: set[str], site: Path) -> Iterator[Problem]:
    path, fragment = urldefrag(unquote(href))
    if re.match(r"[a-z]+:", path) or not (path or fragment):
        return
    if not path:
        if fragment not in own and fragment != "top":
            yield Problem(f"The link to #{fragment} leads nowhere.", page)
        return
    target = (page.parent / path).resolve()
    if not target.exists() or not target.is_relative_to(site.resolve()):
        yield Problem(f"The link to {href} leads nowhere.", page)
