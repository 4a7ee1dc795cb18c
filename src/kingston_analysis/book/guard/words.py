"""The closed vocabulary: every word that a printed text may use, classed once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from kingston_analysis.book.guard.dates import without_places_in_time
from kingston_analysis.data.names import Key
from kingston_analysis.data.yaml_models import Strict, load_yaml
from kingston_analysis.project import Project

WordClass = Literal["neutral", "number", "rank", "up", "down", "change", "comparison", "quantity"]
UNKNOWN = "unknown"
# What no vocabulary can class: a character that is neither a letter in use nor listed here.
SIGN = "sign"
# One word of a phrase that may be any.
ANY = "*"

# The characters of a printed text: what else there is looks like one of them, or says an amount.
_LETTERS = "A-Za-zÀ-ÖØ-öø-ÿŒœ"
_PUNCTUATION = r"\s.,;:!?'’‘“”\"()\[\]{}/\\|\-–—…&@#*_`^$£€©§·•"
# Signs that compare or calculate; the last is a minus.
_COMPARING = "+=<>~±×÷−"
_SIGN = re.compile(rf"[^{_LETTERS}0-9%{_PUNCTUATION}{_COMPARING}]|[^\S \n\t\r]")
_ROMAN = re.compile(r"(?=[MDCLXVI]{2})M{0,4}(?:CM|CD|D?C{0,4})(?:XC|XL|L?X{0,4})(?:IX|IV|V?I{0,4})")
# A number in digits, one character that is a number (a fraction, a Roman numeral), or a word.
_TOKEN = re.compile(
    r"\d(?:[\d,./:]*\d)?%?|%|[\u00bc-\u00be\u2150-\u218b\u2460-\u249b\u00b2\u00b3\u00b9]|[^\W\d_]+(?:['’][^\W\d_]+)*"
    rf"|[{_COMPARING}]"
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
        """Give the words and phrases of a sentence with their classes, and its foreign signs."""
        seen = unicodedata.normalize("NFC", text)
        yield from (Word(_named(sign), SIGN) for sign in dict.fromkeys(_SIGN.findall(seen)))
        tokens = _TOKEN.findall(without_places_in_time(seen))
        folded = [_folded(token) for token in tokens]
        at = 0
        while at < len(tokens):
            parts, kind = self._phrase_at(folded, at) or ([folded[at]], self._class_of(tokens[at]))
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

    def _class_of(self, token: str) -> str:
        word = _folded(token)
        if word[0] in _COMPARING:
            return "comparison"
        if not word[0].isalpha() or unicodedata.category(word[0]) == "Nl":
            return "number"
        if _ROMAN.fullmatch(token):
            return "number"
        return self._words.get(word) or self._words.get(_base(word), UNKNOWN)


def _longest_first(phrase: tuple[list[str], str]) -> tuple[int, int]:
    """Put longer phrases first, and of equal ones those that leave no word open."""
    return -len(phrase[0]), phrase[0].count(ANY)


def _named(sign: str) -> str:
    """Return a character by number and name: it may show nothing, or be taken for another."""
    return f"U+{ord(sign):04X} {unicodedata.name(sign, 'without a name')}"


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
