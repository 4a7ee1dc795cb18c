"""Exceptions: sentences that may say a number or a direction as they stand, with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from kingston_analysis.data.names import NOT_PROSE, Key
from kingston_analysis.data.yaml_models import Strict, load_yaml, problem_in
from kingston_analysis.errors import Problem
from kingston_analysis.matrix.judgements import Said
from kingston_analysis.project import Project


def _spaced(text: str) -> str:
    return " ".join(text.split())


class ExceptedSentences(Strict):
    """Sentences of some files, as they stand there but for line ends, and why they may.

    Each must stand in one of the files: one that was changed is not covered any more.
    """

    QUOTES_PAGES: ClassVar[bool] = True

    reason: Annotated[Said, NOT_PROSE]
    files: Annotated[tuple[Key, ...], Field(min_length=1)]
    sentences: Annotated[tuple[Annotated[Key, AfterValidator(_spaced)], ...], Field(min_length=1)]


def exceptions_file(project: Project) -> Path:
    """Return the place of the exceptions."""
    return project.data / "exceptions.yml"


def load_exceptions(project: Project) -> list[ExceptedSentences]:
    """Read the exceptions; raise KingstonError where there is no file, or nothing in it."""
    return load_yaml(project, exceptions_file(project), list[ExceptedSentences])


def excepted_in(exceptions: list[ExceptedSentences]) -> set[tuple[str, str]]:
    """Return each file with each sentence that is excepted in it."""
    return {
        (file, each) for group in exceptions for file in group.files for each in group.sentences
    }


def unneeded(
    project: Project, exceptions: list[ExceptedSentences], used: set[tuple[str, str]]
) -> Iterator[Problem]:
    """Find exceptions that stand twice, or that no sentence needs as it stands now."""
    file, seen = exceptions_file(project), set[tuple[str, str]]()
    for number, group in enumerate(exceptions):
        for at, sentence in enumerate(group.sentences):
            pairs, place = {(name, sentence) for name in group.files}, (number, "sentences", at)
            if pairs & seen:
                what = f"The sentence is excepted twice: '{_short(sentence)}'"
                yield problem_in(what, file, place, "Keep one.")
            elif not pairs & used:
                what = f"Nothing printed needs this exception: '{_short(sentence)}'"
                yield problem_in(what, file, place, "Remove it, or correct it.")
            seen |= pairs


def with_files(text: str, carried: dict[str, str]) -> str:
    """Return the text of a file of exceptions in which they also hold in files made from others.

    `carried` gives, by the name of a file, that of the one that was made from it.
    """
    for old, new in carried.items():
        place = re.escape(old)
        text = re.sub(rf"(?m)^(  files: \[(?:.*, )?){place}(?=[,\]])", rf"\g<0>, {new}", text)
        text = re.sub(rf"(?m)^( +- ){place}$", rf"\g<0>\n\g<1>{new}", text)
    return text


def _short(sentence: str) -> str:
    return sentence if len(sentence) <= 60 else f"{sentence[:57]}…"
