"""The numbers and directions of the narrative: bound to findings, tested as claims, or plain."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator

from kingston_analysis.data.editions import edition_years, load_edition
from kingston_analysis.data.yaml_models import Strict, load_yaml, problem_in
from kingston_analysis.errors import KingstonError, Problem
from kingston_analysis.matrix.judgements import Said
from kingston_analysis.project import Project

VOUCH = "Bind it to a finding, make the sentence a claim, or except it with a reason."
WordKind = Literal["bound", "tested", "excepted", "plain"]

BOUND = ("number", "share", "rank", "change", "period", "text", "edition")
TESTED = "claim"
_ROLE = re.compile(r"\{(?P<role>[a-z-]+)\}`(?P<text>[^`]+)`")
_TARGET = re.compile(r"\s*<[^>]*>$")
# Addresses of links, openings and options of directives, anchors and the numbers of a list: they
# name or order things and say nothing.
_QUIET = re.compile(
    r"\]\([^)]*\)|^\s*(?:[:`]{3,}.*|:[a-z-]+:.*|\([a-z0-9-]+\)=|\d+\.(?=\s))", re.MULTILINE
)
_NUMBER = re.compile(r"\d(?:[\d,./]*\d)?%?")
_DIRECTION = re.compile(
    r"\b(?:rose|risen|rising|rises|fell|fallen|falling|falls|increas\w*|decreas\w*|reduc\w*|"
    r"declin\w*|dropp\w*|grew|grown|growing|growth|higher|highest|lower|lowest|doubl\w*|halv\w*|"
    r"improv\w*|worse\w*)\b",
    re.IGNORECASE,
)


def _is_a_pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    return text


class Excepted(Strict):
    """Words that may stand as they are: a pattern, where (a page, or all), and the reason."""

    pattern: Annotated[Said, AfterValidator(_is_a_pattern)]
    reason: Said
    page: Said | None = None


@dataclass(frozen=True)
class Word:
    """A number or a direction in a page, with its line, and what vouches for it."""

    text: str
    line: int
    kind: WordKind


def excepted_file(project: Project) -> Path:
    """Return the place of what the narrative may say as it is."""
    return project.data / "narrative.yml"


def load_excepted(project: Project) -> list[Excepted]:
    """Read what the narrative may say without a finding or a claim; nothing where no file is."""
    file = excepted_file(project)
    return load_yaml(project, file, list[Excepted]) if file.exists() else []


def words_of(text: str, excepted: list[Excepted]) -> Iterator[Word]:
    """Give the numbers and directions of a page written in Markdown, in their order."""
    found: list[tuple[int, str, WordKind]] = []
    rest = _QUIET.sub(_blank, text)

    def without_role(match: re.Match[str]) -> str:
        if match["role"] in BOUND or match["role"] == TESTED:
            kind: WordKind = "tested" if match["role"] == TESTED else "bound"
            found.append((match.start(), match["text"], kind))
            return _blank(match)
        shown = _TARGET.sub("", match["text"])
        # As long as it was, so that what follows keeps its place.
        return shown + _blank(match)[len(shown) :]

    rest = _ROLE.sub(without_role, rest)
    for each in excepted:
        pattern = _of_words(each)
        found += [(match.start(), match[0], "excepted") for match in pattern.finditer(rest)]
        rest = pattern.sub(_blank, rest)
    for pattern in (_NUMBER, _DIRECTION):
        found += [(match.start(), match[0], "plain") for match in pattern.finditer(rest)]
    for start, word, kind in sorted(found):
        yield Word(" ".join(word.split()), text.count("\n", 0, start) + 1, kind)


def _of_words(each: Excepted) -> re.Pattern[str]:
    """Compile a pattern whose spaces also match the end of a line."""
    return re.compile(each.pattern.replace(" ", r"\s+"))


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def own_notebooks(project: Project) -> list[Path]:
    """Return the notebooks that editions name as pages of their own, as far as they are there.

    An edition that cannot be read names none: its own faults come first.
    """
    found: dict[Path, None] = {}
    for year in edition_years(project):
        with suppress(KingstonError):
            for name in load_edition(project, year).pages:
                found[project.notebooks / f"{name}.ipynb"] = None
    return [file for file in found if file.exists()]


def bound_in(text: str) -> Iterator[tuple[str, int]]:
    """Give each finding that a text binds, with its line."""
    for match in _ROLE.finditer(text):
        if match["role"] in BOUND and match["role"] != "edition":
            yield match["text"], text.count("\n", 0, match.start()) + 1


def markdown_of(notebook: Path) -> list[str]:
    """Return the texts of a notebook's cells of Markdown; none where it cannot be read."""
    try:
        cells = json.loads(notebook.read_bytes())["cells"]
        return ["".join(each["source"]) for each in cells if each["cell_type"] == "markdown"]
    except (ValueError, LookupError, TypeError, RecursionError):
        # Its own faults come first.
        return []


def _excepted_on(page: str, excepted: list[Excepted]) -> list[Excepted]:
    return [each for each in excepted if each.page in (None, page)]


def _plain_words(text: str, excepted: list[Excepted]) -> list[Word]:
    return [word for word in words_of(text, excepted) if word.kind == "plain"]


def _unvouched(word: Word) -> str:
    return f"'{word.text}' is neither a finding nor a claim."


def narrative_problems(project: Project) -> Iterator[Problem]:
    """Find numbers and directions that nothing vouches for, and exceptions that none needs.

    Raises KingstonError for a faulty file of exceptions.
    """
    excepted, book, used = load_excepted(project), project.narrative, set()
    for page in sorted(book.rglob("*.md")):
        try:
            text = page.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            yield Problem("The page is not UTF-8.", page, remedy="Restore it, or save it as UTF-8.")
            continue
        here = _excepted_on(page.relative_to(book).as_posix(), excepted)
        used |= {each for each in here if _of_words(each).search(text)}
        for word in _plain_words(text, here):
            yield Problem(_unvouched(word), page, word.line, remedy=VOUCH)
    for notebook in own_notebooks(project):
        here = _excepted_on(project.name_of(notebook), excepted)
        for number, text in enumerate(markdown_of(notebook), start=1):
            used |= {each for each in here if _of_words(each).search(text)}
            for word in _plain_words(text, here):
                what = f"Markdown cell {number}, line {word.line}: {_unvouched(word)}"
                yield Problem(what, notebook, remedy=VOUCH)
    for number, each in enumerate(excepted):
        if each not in used:
            file = excepted_file(project)
            what = f"No page has what the exception '{each.pattern}' excepts."
            yield problem_in(what, file, (number,), "Remove it.")
