"""What a site must hold to: nothing from elsewhere, no dead link, no broken number."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

from kingston_analysis.book.accounted import unaccounted_files
from kingston_analysis.book.manifest import folders_of_books
from kingston_analysis.book.one_verdict import books_problems, verdict_problems, words_problems
from kingston_analysis.book.policy import POLICY
from kingston_analysis.book.shown import shown_problems
from kingston_analysis.data.addresses import REMEDY, address_fault
from kingston_analysis.errors import Problem, collect_into
from kingston_analysis.results import Findings, read_findings
from kingston_analysis.show.figure import LONGEST, SHORTEST

# What a browser fetches by itself, by element and attribute.
FETCHED = {"script": "src", "img": "src", "iframe": "src", "link": "href", "source": "src"}
# A value that is none, as Python writes it; at the start of a sentence, None is a word.
BROKEN = re.compile(r"\b(nan|NaN|inf|undefined|Traceback)\b|(?<=[a-z0-9,(=] )None\b")
# What would run, or show, what is not the page's own, by element; and what it loads by itself.
FOREIGN = {"iframe", "frame", "object", "embed", "applet", "base", "style", "foreignobject"}
ADDRESSES = {"href", "src", "action", "formaction", "xlink:href", "data", "srcset", "poster"}
HARMLESS = re.compile(r"(?:https?|mailto):|(?![a-z][a-z0-9+.-]*:)", re.IGNORECASE)
DATA = "application/json"
NO_ICON = "data:,"
# Links that are made and followed by scripts only.
NOT_LINKS = ("#", "")


class ParsedPage(HTMLParser):
    """One page's ids, links, fetched addresses, alternatives, policy, text, and what is active."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.alternatives: list[str] = []
        self.article: list[str] = []
        self.active: list[str] = []
        self.policy = ""
        self._in_article = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element refers to."""
        attributes = {name: value or "" for name, value in attrs}
        self._in_article = self._in_article or tag == "article"
        self.active += _active(tag, attributes)
        if attributes.get("http-equiv", "").lower() == "content-security-policy":
            self.policy = self.policy or attributes.get("content", "")
        if "id" in attributes:
            self.ids.add(attributes["id"])
        self.links += [value for name, value in attributes.items() if _is_link(tag, name)]
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


def _is_link(tag: str, name: str) -> bool:
    return name in ("href", "xlink:href") and tag in ("a", "area")


def _active(tag: str, attributes: dict[str, str]) -> Iterator[str]:
    """Name what of an element is a script or style in itself, or leads to one."""
    if tag in FOREIGN or (tag == "meta" and attributes.get("http-equiv", "").lower() == "refresh"):
        yield f"<{tag}>"
    if tag == "script" and "src" not in attributes and attributes.get("type") != DATA:
        yield "<script> without a file"
    for name, value in attributes.items():
        runs = name in ADDRESSES and not _is_link(tag, name) and _runs(value)
        if runs or name == "style" or name.startswith("on"):
            yield f'<{tag} {name}="{value[:40]}">'


def _runs(address: str) -> bool:
    # Browsers skip blanks and control characters in the name of a scheme.
    plain = re.sub(r"[\x00-\x20]", "", address)
    return address != NO_ICON and not HARMLESS.match(plain)


class ParsedPages(dict[Path, ParsedPage]):
    """The pages of a site, each parsed when first looked at, and the hosts they may lead to."""

    def __init__(self, hosts: Collection[str] = ()) -> None:
        super().__init__()
        self.hosts = hosts

    def __missing__(self, file: Path) -> ParsedPage:
        """Parse a page."""
        self[file] = page = ParsedPage(file.read_text(encoding="utf-8"))
        return page


def book_problems(site: Path, hosts: Collection[str]) -> list[Problem]:
    """Find everything wrong with a site, whose pages may lead to some hosts."""
    if not (site / "index.html").exists():
        return [Problem("There is no site yet.", site, remedy="Run `kingston build`.")]
    problems = [*unaccounted_files(site), *problems_of_files(site.rglob("*"), ParsedPages(hosts))]
    problems += books_problems(site)
    books = sorted(folders_of_books(site))
    return problems + [each for name in books for each in shown_problems(site / name)]


def problems_of_files(files: Iterable[Path], pages: ParsedPages) -> list[Problem]:
    """Find everything wrong with pages and lists of findings among the files of a site."""
    problems: list[Problem] = []
    for file in sorted(files):
        if file.suffix == ".html":
            problems += _page_problems(file, pages)
        elif file.name == "findings.json":
            with collect_into(problems):
                found = read_findings(file)
                problems += verdict_problems(found, file)
                problems += _denials(found, file.parent, pages)
    return problems


def _denials(findings: Findings, book: Path, pages: ParsedPages) -> Iterator[Problem]:
    """Find where the text of a page denies the verdict of one of its findings."""
    files = {name: book / "evidence" / f"{name}.html" for name in {f.page for f in findings}}
    texts = {name: " ".join(pages[f].article) for name, f in files.items() if f.is_file()}
    for what in words_problems(findings, texts):
        yield Problem(what, book / "findings.json")


def link_problems(file: Path, link: str, pages: ParsedPages) -> Iterator[Problem]:
    """Say so where a link of a page leads nowhere."""
    if not _leads_somewhere(link, file, pages):
        yield Problem(f"The link to {link} leads nowhere.", file)


def leads_out(link: str, file: Path, folder: Path) -> bool:
    """Tell whether a link of a page in a folder leads out of that folder, within the site."""
    path, _ = urldefrag(unquote(link))
    inside = not path or re.match(r"[a-z]+:", path)
    return not inside and not _target(file, path).is_relative_to(folder)


def _page_problems(file: Path, pages: ParsedPages) -> Iterator[Problem]:
    page = pages[file]
    for address in page.fetched:
        if re.match(r"(https?:)?//", address):
            yield Problem(f"The page loads {address} from elsewhere.", file)
    for what in dict.fromkeys(page.active):
        yield Problem(f"The page holds {what}, which its policy refuses.", file)
    if page.policy != POLICY:
        yield Problem("The page does not hold the site's Content-Security-Policy.", file)
    for link in page.links:
        if fault := address_fault(link, pages.hosts):
            yield Problem(f"The link {link[:80]} {fault}.", file, remedy=REMEDY)
        yield from link_problems(file, link, pages)
    for alternative in page.alternatives:
        if not SHORTEST <= len(alternative) <= LONGEST:
            yield Problem(f"A chart's text alternative has {len(alternative)} characters.", file)
    if found := BROKEN.search(" ".join(page.article)):
        yield Problem(f"The page shows '{found[0]}' where a value belongs.", file)


def _leads_somewhere(link: str, file: Path, pages: ParsedPages) -> bool:
    path, fragment = urldefrag(unquote(link))
    if link in NOT_LINKS or re.match(r"[a-z]+:", path):
        return True
    target = _target(file, path) if path else file
    if fragment and target.suffix == ".html" and target.is_file():
        return fragment in pages[target].ids
    return target.exists()


def _target(file: Path, path: str) -> Path:
    return Path(os.path.normpath(file.parent / path))
