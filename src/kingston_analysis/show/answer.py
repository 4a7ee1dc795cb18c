"""An answer: what a page says, shows and publishes on one of its questions, as one value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

import pandas as pd
from altair.utils.schemapi import debug_mode

from kingston_analysis.errors import KingstonError
from kingston_analysis.results import Finding, Gap
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.table import DisplayTable

# Words of a name are parted by _ or, in ids, by -; the subject stands before a dot.
NAME = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*")

V = TypeVar("V")
V_co = TypeVar("V_co", covariant=True)
P = ParamSpec("P")


@dataclass(frozen=True)
class OnRequest:
    """A table that opens when its caption is chosen."""

    table: DisplayTable


@dataclass(frozen=True)
class Publication:
    """Findings, and the names of the tables that they were drawn from."""

    findings: tuple[Finding, ...]
    tables: tuple[str, ...]


@dataclass(frozen=True)
class Unanswered:
    """A question that has no answer; `said` stands in for a reason that was given before."""

    question: str
    gap: Gap
    instead: str = ""

    def __str__(self) -> str:
        return f"**{self.question}: not available.** {self.instead or self.gap.why}"


# Text is Markdown. A frame is not shown: it is what an analyst goes on with.
Part = str | Figure | DisplayTable | OnRequest | Publication | Unanswered | Gap | pd.DataFrame


class OpenPage(Protocol[V_co]):
    """A page that is open: it sees something, and shows the answers that are made of it."""

    @property
    def view(self) -> V_co:
        """Return what the page sees."""
        ...

    def show(self, answer: Answer) -> None:
        """Show an answer, and take what it publishes and what it cannot tell."""
        ...


@dataclass(frozen=True, repr=False)
class Answer:
    """What a page says to a question, part by part; the last value of a cell shows itself."""

    question: str
    parts: tuple[Part, ...]
    page: OpenPage[object]

    @property
    def words(self) -> str:
        """Return what is said, as Markdown."""
        return "\n\n".join(each for each in self.parts if isinstance(each, str))

    @property
    def figures(self) -> list[Figure]:
        """Return the figures: heading, Altair chart, alternative, table."""
        return [each for each in self.parts if isinstance(each, Figure)]

    @property
    def tables(self) -> list[DisplayTable]:
        """Return the tables, those of the figures and those that open on request among them."""
        found: list[DisplayTable] = []
        for each in self.parts:
            if isinstance(each, DisplayTable):
                found.append(each)
            elif isinstance(each, OnRequest | Figure):
                found.append(each.table)
        return found

    @property
    def findings(self) -> list[Finding]:
        """Return what it publishes."""
        published = (each for each in self.parts if isinstance(each, Publication))
        return [finding for each in published for finding in each.findings]

    @property
    def gaps(self) -> list[Unanswered]:
        """Return the questions to which it has no answer, and why."""
        return [each for each in self.parts if isinstance(each, Unanswered)]

    @property
    def frame(self) -> pd.DataFrame:
        """Return the figures behind the answer: its own frame, or the cells of its first table."""
        own = next((each for each in self.parts if isinstance(each, pd.DataFrame)), None)
        if own is None:
            own = self.tables[0].as_frame() if self.tables else pd.DataFrame()
        return own.copy()

    def _ipython_display_(self) -> None:
        self.page.show(self)

    def __repr__(self) -> str:
        kinds = (f"{len(each)} {name}" for name, each in self._lists.items() if each)
        return f"{self.question}: {', '.join(kinds) or 'words alone'}"

    @property
    def _lists(self) -> dict[str, list]:
        names = ("figures", "tables", "findings", "gaps")
        return {name: getattr(self, name) for name in names}


def analysis(
    question: str,
) -> Callable[
    [Callable[Concatenate[V, P], Iterator[Part]]], Callable[Concatenate[OpenPage[V], P], Answer]
]:
    """Make a function that gives the parts of an answer, from a view, one that answers for a page.

    `question` heads the sentence that stands where a part is a `Gap`. The answer is refused, by a
    KingstonError, where a part is none, or a finding's name cannot be one or is another's too.
    """

    def made(
        parts: Callable[Concatenate[V, P], Iterator[Part]],
    ) -> Callable[Concatenate[OpenPage[V], P], Answer]:
        @wraps(parts)
        def answer(page: OpenPage[V], *args: P.args, **options: P.kwargs) -> Answer:
            # A chart is validated whole when it is shown; Altair would try every part before.
            with debug_mode(False):
                given = parts(page.view, *args, **options)
                asked = [Unanswered(question, e) if isinstance(e, Gap) else e for e in given]
            return _checked(Answer(question, tuple(asked), page))

        return answer

    return made


def _checked(answer: Answer) -> Answer:
    where = f"The answer to '{answer.question}'"
    for part in answer.parts:
        if not isinstance(part, Part):
            what = f"{where} has a part that is none, of the type {type(part).__name__}."
            raise KingstonError(
                what, "Give text, a frame, a Figure, a table, a Publication, a Gap."
            )
    seen: set[tuple[str, str | None]] = set()
    for found in answer.findings:
        if not NAME.fullmatch(found.name):
            remedy = (
                "Use small letters, digits and _, as in `share_of_all`; a subject before a dot."
            )
            raise KingstonError(f"{where} has a finding that is called '{found.name}'.", remedy)
        if (found.name, found.period) in seen:
            what = f"{where} has two findings '{found.name}' for {found.period}."
            raise KingstonError(what, "Publish it once, or give one of them another name.")
        seen.add((found.name, found.period))
    return answer
