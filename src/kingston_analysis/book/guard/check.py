"""The guard: no printed sentence has a word that nobody classed, or one that nothing backs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kingston_analysis.book.guard.exceptions import excepted_in, load_exceptions, unneeded
from kingston_analysis.book.guard.printed_texts import Passage, printed_texts
from kingston_analysis.book.guard.sentences import Sentence, sentences_of
from kingston_analysis.book.guard.words import UNKNOWN, Vocabulary, Word, load_vocabulary
from kingston_analysis.data.yaml_models import problem_in
from kingston_analysis.errors import Problem
from kingston_analysis.project import Project

Backing = Literal["finding", "claim", "exception"]
CLASS_IT = "Class it in data/vocabulary.yml; `kingston words` lists all that are not."
VOUCH = (
    "Bind it to a finding, make the sentence a claim, or except the sentence with a reason in "
    "data/exceptions.yml."
)


@dataclass(frozen=True)
class Held:
    """A sentence that is held up: words that nobody classed, and words that nothing vouches for."""

    passage: Passage
    sentence: Sentence
    unknown: tuple[Word, ...]
    asserted: tuple[Word, ...]


def held_in(passage: Passage, sentence: Sentence, vocabulary: Vocabulary) -> Held:
    """Return what holds a sentence up, exceptions apart; of a tested one only unknown words do."""
    words = list(vocabulary.words_of(sentence.seen))
    unknown = tuple(each for each in words if each.kind == UNKNOWN)
    asserted = tuple(each for each in words if each.kind not in (UNKNOWN, "neutral"))
    return Held(passage, sentence, unknown, () if passage.tested else asserted)


def held_up(project: Project) -> tuple[list[Held], set[tuple[str, str]]]:
    """Find all sentences that are held up, and which exceptions were used.

    Raises KingstonError where the vocabulary or the exceptions cannot be read.
    """
    vocabulary, exceptions = load_vocabulary(project), load_exceptions(project)
    excepted, used, found = excepted_in(exceptions), set[tuple[str, str]](), list[Held]()
    for passage in printed_texts(project):
        name = project.name_of(passage.file)
        for sentence in sentences_of(passage.text):
            held = held_in(passage, sentence, vocabulary)
            if held.asserted and (name, sentence.normal) in excepted:
                used.add((name, sentence.normal))
                held = Held(passage, sentence, held.unknown, ())
            if held.unknown or held.asserted:
                found.append(held)
    return found, used


def guard_problems(project: Project) -> Iterator[Problem]:
    """Find every printed sentence that is held up, and every exception that none needs.

    Raises KingstonError where the vocabulary or the exceptions cannot be read.
    """
    found, used = held_up(project)
    for held in found:
        if held.unknown:
            yield _problem(held, f"{_quoted(held.unknown)}: not in the vocabulary.", CLASS_IT)
        if held.asserted:
            what = f"{_quoted(held.asserted)}: neither a finding nor a claim."
            yield _problem(held, what, VOUCH)
    yield from _unreadable(project)
    yield from unneeded(project, load_exceptions(project), used)


def backing(project: Project, pages: Iterable[Path]) -> Counter[Backing]:
    """Count what backs the numbers and directions of pages: findings, claims, exceptions."""
    excepted, found = excepted_in(load_exceptions(project)), Counter[Backing]()
    for page in (each for each in pages if each.suffix == ".md"):
        name = project.name_of(page)
        for sentence in sentences_of(page.read_text(encoding="utf-8")):
            found["finding"] += len(sentence.findings)
            found["claim"] += len(sentence.claims)
            found["exception"] += (name, sentence.normal) in excepted
    return found


def _unreadable(project: Project) -> Iterator[Problem]:
    for page in sorted(project.narrative.rglob("*.md")):
        try:
            page.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            yield Problem("The page is not UTF-8.", page, remedy="Restore it, or save it as UTF-8.")


def _quoted(words: tuple[Word, ...]) -> str:
    return ", ".join(f"'{text}'" for text in dict.fromkeys(each.text for each in words))


def _problem(held: Held, what: str, remedy: str) -> Problem:
    passage, line = held.passage, held.sentence.line
    if passage.cell is not None:
        where = f"Cell {passage.cell}, line {line}: "
        return Problem(where + what, passage.file, remedy=remedy)
    if passage.keys:
        return problem_in(what, passage.file, passage.keys, remedy)
    return Problem(what, passage.file, line, remedy=remedy)
