"""The numbers and directions of the narrative: bound to findings, tested as claims, or plain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator

from kingston_analysis.data.yaml_models import Strict, load_yaml, place_in
from kingston_analysis.errors import KingstonError, Problem
from kingston_analysis.matrix.judgements import Said
from kingston_analysis.project import Project

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


def narrative_problems(project: Project) -> Iterator[Problem]:
    """Find numbers and directions that nothing vouches for, and exceptions that none needs."""
    try:
        excepted = load_excepted(project)
    except KingstonError as error:
        yield from error.problems
        return
    book, used = project.narrative, set()
    for page in sorted(book.rglob("*.md")):
        try:
            text = page.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            yield Problem("The page is not UTF-8.", page, remedy="Restore it, or save it as UTF-8.")
            continue
        name = page.relative_to(book).as_posix()
        here = [each for each in excepted if each.page in (None, name)]
        used |= {each for each in here if _of_words(each).search(text)}
        for word in words_of(text, here):
            if word.kind == "plain":
                what = f"'{word.text}' is neither a finding nor a claim."
                remedy = (
                    "Bind it to a finding, make the sentence a claim, or except it with a reason."
                )
                yield Problem(what, page, word.line, remedy=remedy)
    for number, each in enumerate(excepted):
        if each not in used:
            file = excepted_file(project)
            what = f"No page has what the exception '{each.pattern}' excepts."
            yield Problem(what, file, *place_in(file, (number,)), remedy="Remove it.")
