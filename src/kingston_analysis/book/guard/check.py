"""The guard: no printed sentence has a word that nobody classed, or one that nothing backs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from kingston_analysis.book.guard.exceptions import excepted_in, load_exceptions, unneeded
from kingston_analysis.book.guard.nouns import misnamed
from kingston_analysis.book.guard.printed_texts import Passage, printed_texts
from kingston_analysis.book.guard.sentences import Sentence, sentences_of
from kingston_analysis.book.guard.words import SIGN, UNKNOWN, Vocabulary, Word, load_vocabulary
from kingston_analysis.data.topics import Topic
from kingston_analysis.data.yaml_models import problem_in
from kingston_analysis.errors import Problem
from kingston_analysis.project import Project

Backing = Literal["finding", "claim", "exception"]
CLASS_IT = "Class it in data/vocabulary.yml; `kingston words` lists all that are not."
REPLACE = "Write it in plain letters, digits and punctuation, or in words."
VOUCH = (
    "Bind it to a finding, make the sentence a claim, or except the sentence with a reason in "
    "data/exceptions.yml."
)


@dataclass(frozen=True)
class Suspect:
    """A sentence that is held up: what no text may hold, words without class or without backing."""

    passage: Passage
    sentence: Sentence
    signs: tuple[Word, ...]
    unknown: tuple[Word, ...]
    asserted: tuple[Word, ...]


def suspect_in(passage: Passage, sentence: Sentence, vocabulary: Vocabulary) -> Suspect:
    """Return what holds a sentence up, exceptions apart; of a tested one no known word."""
    words = list(vocabulary.words_of(sentence.seen))
    signs = tuple(each for each in words if each.kind == SIGN)
    unknown = tuple(each for each in words if each.kind == UNKNOWN)
    asserted = tuple(each for each in words if each.kind not in (SIGN, UNKNOWN, "neutral"))
    return Suspect(passage, sentence, signs, unknown, () if passage.tested else asserted)


def suspects(project: Project) -> tuple[list[Suspect], set[tuple[str, str]]]:
    """Find all sentences that are held up, and which exceptions were used.

    Those for a file that cannot be read count as used: its own faults come first. Raises
    KingstonError where the vocabulary or the exceptions cannot be read.
    """
    vocabulary, excepted = load_vocabulary(project), excepted_in(load_exceptions(project))
    used, found, read = set[tuple[str, str]](), list[Suspect](), set[str]()
    for passage in printed_texts(project):
        name = project.name_of(passage.file)
        read.add(name)
        for sentence in passage.sentences():
            suspect = suspect_in(passage, sentence, vocabulary)
            if suspect.asserted and (name, sentence.normal) in excepted:
                used.add((name, sentence.normal))
                suspect = replace(suspect, asserted=())
            if suspect.signs or suspect.unknown or suspect.asserted:
                found.append(suspect)
    unread = {name for name, _ in excepted if name not in read and (project.root / name).exists()}
    return found, used | {each for each in excepted if each[0] in unread}


def guard_problems(project: Project, topics: Mapping[str, Topic]) -> Iterator[Problem]:
    """Find every printed sentence that is held up, and every exception that none needs.

    Also finds numbers beside a noun that is not their finding's. Raises KingstonError where the
    vocabulary or the exceptions cannot be read.
    """
    found, used = suspects(project)
    for suspect in found:
        if suspect.signs:
            what = f"{_quoted(suspect.signs)}: no printed text may hold it."
            yield _problem(suspect.passage, suspect.sentence, what, REPLACE)
        if suspect.unknown:
            what = f"{_quoted(suspect.unknown)}: not in the vocabulary."
            yield _problem(suspect.passage, suspect.sentence, what, CLASS_IT)
        if suspect.asserted:
            what = f"{_quoted(suspect.asserted)}: neither a finding nor a claim."
            yield _problem(suspect.passage, suspect.sentence, what, VOUCH)
    yield from _misnamed(project, topics)
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


def _misnamed(project: Project, topics: Mapping[str, Topic]) -> Iterator[Problem]:
    for passage in printed_texts(project):
        for sentence in passage.sentences() if "{number}" in passage.text else ():
            for bound, counted in misnamed(sentence, topics):
                what = f"The finding '{bound.name}' counts {counted}, and the sentence does not."
                yield _problem(passage, sentence, what, "Name what it counts, or bind another.")


def _unreadable(project: Project) -> Iterator[Problem]:
    for page in sorted(project.narrative.rglob("*.md")):
        try:
            page.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            yield Problem("The page is not UTF-8.", page, remedy="Restore it, or save it as UTF-8.")


def _quoted(words: tuple[Word, ...]) -> str:
    return ", ".join(f"'{text}'" for text in dict.fromkeys(each.text for each in words))


def _problem(passage: Passage, sentence: Sentence, what: str, remedy: str) -> Problem:
    if passage.cell is not None:
        where = f"Cell {passage.cell}, line {sentence.line}: "
        return Problem(where + what, passage.file, remedy=remedy)
    if passage.keys:
        return problem_in(what, passage.file, passage.keys, remedy)
    return Problem(what, passage.file, sentence.line, remedy=remedy)
