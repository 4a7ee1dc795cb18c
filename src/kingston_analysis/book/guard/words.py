"""The closed vocabulary: every word that a printed text may use, classed once."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from kingston_analysis.data.names import Key
from kingston_analysis.data.yaml_models import Strict, load_yaml
from kingston_analysis.project import Project

WordClass = Literal["neutral", "number", "rank", "up", "down", "change", "comparison", "quantity"]
UNKNOWN = "unknown"
# One word of a phrase that may be any.
ANY = "*"

# A number in digits, one character that is a number (a fraction, a Roman numeral), or a word.
_TOKEN = re.compile(
    r"\d(?:[\d,./:]*\d)?%?|%|[\u00bc-\u00be\u2150-\u218b\u2460-\u249b\u00b2\u00b3\u00b9]|[^\W\d_]+(?:['’][^\W\d_]+)*"
)
# What a reader does not see between letters: emphasis, and characters without width.
_INSIDE = re.compile(r"(?<=\w)[*\\]+(?=\w)|[\u00ad\u200b-\u200f\u2060\ufeff]")
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_YEAR = r"(?:19|20)\d\d(?!/\d)"
# After a year that is a date there is no noun of which there could be so many.
_NO_NOUN = (
    r"(?=\s*(?:$|[^\w\s]|(?:and|or|to|is|was|are|were|the|a|an|it|in|on|of|for|with|until|from|"
    r"by|at|as|that|which|this|these|there|this|has|have|had|can|could|may|on|when|where|but)\b))"
)
_AFTER = r"(?:in|since|from|to|until|till|by|before|after|for|between|during|through|and|or|of)"
_PART = r"\d+[A-Z]*(?:\(\w+\))*"
_NAME = r"(?:\b(?:[A-Z][\w’'-]*|and|of|the|on|in|for|to)[,)]?\s+|\([^()]*\)\s+)+"
_PLACES = r"(?:[Ss]ection|[Rr]egulation|[Ss]chedule|[Pp]aragraph|[Aa]rticle)s?"
# Nor is a number that is one of a law or a period the number of what follows it.
_NOT_SO_MANY = (
    r"(?!\d|\s+(?:(?:recorded|reported|more|fewer)\s+)?(?:offen[cd]|crime|incident|robber|burglar|theft|"
    r"thie[fv]|assault|arrest|victim|people|person|resident|case|report|fire|rape|injur|fraud|car|"
    r"home|vehicle|killing|murder|drug|knife|knive|gun|theft|search|call|admission|conviction)\w*)"
)
# Numbers that are no amount, by their form and place: periods, days, and the places and names of
# laws. A year stands after a word of time and before no noun: `1950 offences` is no year.
_FORMS = re.compile(
    "(?:"
    + "|".join(
        (
            r"\b(?:19|20)\d\d/\d\d\b(?!/)",
            rf"\b\d{{1,2}} {_MONTH}(?: {_YEAR})?\b",
            rf"\b{_MONTH}(?: and {_MONTH})? {_YEAR}\b",
            r"\bSIs? \d{4}/\d{1,4}(?: and \d{4}/\d{1,4})*",
            rf"\b{_AFTER}\s+{_YEAR}\b{_NO_NOUN}",
            rf"(?<=\d\d\d\d, ){_YEAR}\b{_NO_NOUN}",
            rf"{_NAME}(?:Act|Acts|Regulations|Order|Rules)(?: \([A-Z][\w. ]*\))* {_YEAR}\b",
            rf"\b{_YEAR} Act\b",
            rf"\b[Ss]trategic [Aa]ssessment {_YEAR}\b{_NO_NOUN}",
            rf"\b{_PLACES}\s+{_PART}(?:(?:, | and | to ){_PART}{_NO_NOUN})*",
            r"\b(?:NI|PSA|National Indicator)s? \d{1,3}\b",
        )
    )
    + ")"
    + _NOT_SO_MANY
)


@dataclass(frozen=True)
class Word:
    """A word or a phrase of a sentence, and its class."""

    text: str
    kind: str


def _in_words(text: str) -> str:
    return " ".join(text.split())


Words = Annotated[Key, AfterValidator(_in_words)]


class Vocabulary(Strict):
    """The reviewed words by class, separated by spaces, and phrases that say more than their words.

    A phrase comes before its words and a longer one before a shorter; `*` in it is any one word.
    """

    words: Annotated[dict[WordClass, Words], Field(min_length=1)]
    phrases: dict[WordClass, tuple[Words, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _each_once(self) -> Vocabulary:
        seen: dict[str, str] = {}
        listed = [(word, kind) for kind, text in self.words.items() for word in text.split()]
        listed += [(phrase, kind) for kind, all_of in self.phrases.items() for phrase in all_of]
        for word, kind in listed:
            if word in seen:
                raise ValueError(f"'{word}' stands under {seen[word]} and under {kind}")
            seen[word] = kind
        if not self.words.get("neutral"):
            raise ValueError("there are no neutral words")
        return self

    @cached_property
    def _words(self) -> dict[str, str]:
        return {word: kind for kind, text in self.words.items() for word in text.split()}

    @cached_property
    def _phrases(self) -> dict[str, list[tuple[list[str], str]]]:
        found: dict[str, list[tuple[list[str], str]]] = {}
        for kind, phrases in self.phrases.items():
            for phrase in phrases:
                parts = phrase.casefold().split()
                found.setdefault(parts[0], []).append((parts, kind))
        return {first: sorted(each, key=_longest_first) for first, each in found.items()}

    def words_of(self, text: str) -> Iterator[Word]:
        """Give the words and phrases of a sentence with their classes, in their order."""
        seen = unicodedata.normalize("NFC", _INSIDE.sub("", html.unescape(text)))
        without = _FORMS.sub(lambda match: " " * len(match[0]), seen)
        tokens = _TOKEN.findall(without)
        folded = [_folded(token) for token in tokens]
        at = 0
        while at < len(tokens):
            parts, kind = self._phrase_at(folded, at) or ([folded[at]], self._class_of(folded[at]))
            yield Word(" ".join(tokens[at : at + len(parts)]), kind)
            at += len(parts)

    def _phrase_at(self, folded: list[str], at: int) -> tuple[list[str], str] | None:
        for parts, kind in (*self._phrases.get(folded[at], ()), *self._phrases.get(ANY, ())):
            there = folded[at : at + len(parts)]
            if len(there) == len(parts) and all(
                part in (ANY, word) for part, word in zip(parts, there, strict=True)
            ):
                return parts, kind
        return None

    def _class_of(self, word: str) -> str:
        if not word[0].isalpha() or unicodedata.category(word[0]) == "Nl":
            return "number"
        return self._words.get(word) or self._words.get(_base(word), UNKNOWN)


def _longest_first(phrase: tuple[list[str], str]) -> tuple[int, int]:
    """Put longer phrases first, and of equal ones those that leave no word open."""
    return -len(phrase[0]), phrase[0].count(ANY)


def _folded(token: str) -> str:
    return token.casefold().replace("’", "'")


def _base(word: str) -> str:
    return word.removesuffix("'s").removesuffix("'")


def vocabulary_file(project: Project) -> Path:
    """Return the place of the vocabulary."""
    return project.data / "vocabulary.yml"


def load_vocabulary(project: Project) -> Vocabulary:
    """Read the vocabulary; raise KingstonError where there is none, for nothing could be judged."""
    return load_yaml(project, vocabulary_file(project), Vocabulary)
