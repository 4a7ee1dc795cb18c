"""What the guard holds up, as a list that a person can class or except in one pass."""

from __future__ import annotations

from collections import Counter

import yaml

from kingston_analysis.book.guard.check import Suspect, suspects
from kingston_analysis.commands.showing import put_out, say
from kingston_analysis.project import Project


def print_words(project: Project) -> None:
    """Print foreign signs, the words without class, and the sentences that nothing backs.

    The sentences come in the form of data/exceptions.yml, without the reason that only a person can
    give. Ends with 1 where there are any.
    """
    found, _ = suspects(project)
    lines = [*_foreign(found), *_unclassed(found), *_unbacked(project, found)]
    if not lines:
        say("Every printed word is classed, and every sentence backed or excepted.")
        return
    put_out("\n".join(lines))
    raise SystemExit(1)


def _foreign(found: list[Suspect]) -> list[str]:
    return [
        f"# {sign.text}, which no text may hold: {suspect.sentence.normal}"
        for suspect in found
        for sign in suspect.signs
    ]


def _unclassed(found: list[Suspect]) -> list[str]:
    counts = Counter(word.text.casefold() for suspect in found for word in suspect.unknown)
    if not counts:
        return []
    lines = ["# Not in data/vocabulary.yml: put each under one class, or change the sentence."]
    for word, count in sorted(counts.items()):
        first = next(h for h in found if any(w.text.casefold() == word for w in h.unknown))
        lines.append(f"# {word} ({count}): {first.sentence.normal}")
    return lines


def _unbacked(project: Project, found: list[Suspect]) -> list[str]:
    by_file: dict[str, list[str]] = {}
    for suspect in found:
        sentences = by_file.setdefault(project.name_of(suspect.passage.file), [])
        if suspect.asserted and suspect.sentence.normal not in sentences:
            sentences.append(suspect.sentence.normal)
    groups = [
        {"reason": "", "files": [file], "sentences": sentences}
        for file, sentences in by_file.items()
        if sentences
    ]
    if not groups:
        return []
    head = (
        "# Bind each to a finding or make it a claim; else put it in data/exceptions.yml, with why."
    )
    return [
        head,
        yaml.safe_dump(groups, sort_keys=False, allow_unicode=True, width=10_000).rstrip(),
    ]
