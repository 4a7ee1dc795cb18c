"""A vocabulary and exceptions with which the guard lets pass what a project of the tests says."""

from __future__ import annotations

from tables_fixture import PROJECT, as_yaml

from kingston_analysis.book.guard.check import suspect_in, suspects
from kingston_analysis.book.guard.exceptions import exceptions_file, load_exceptions
from kingston_analysis.book.guard.printed_texts import printed_texts
from kingston_analysis.book.guard.sentences import sentences_of
from kingston_analysis.book.guard.words import Vocabulary, load_vocabulary, vocabulary_file
from kingston_analysis.project import Project


def let_pass(project: Project, also: str = "") -> None:
    """Class the words of a project's texts as ours are, or as neutral, and except its sentences.

    `also` are further words that it will say.
    """
    said = [(each, s) for each in printed_texts(project) for s in sentences_of(each.text)]
    nothing = Vocabulary(words={"neutral": "nothing-known"})
    ours = load_vocabulary(PROJECT)
    words = {
        word.text.casefold().replace("’", "'").removesuffix("'s")
        for _, sentence in said
        for word in nothing.words_of(sentence.seen)
        if word.kind == "unknown"
    }
    words |= set(also.split())
    classed = {word for text in ours.words.values() for word in text.split()}
    neutral = f"{ours.words['neutral']} {' '.join(sorted(words - classed))}"
    vocabulary = Vocabulary(words={**ours.words, "neutral": neutral}, phrases=ours.phrases)
    excepted: dict[str, dict[str, None]] = {}
    for passage, sentence in said:
        if suspect_in(passage, sentence, vocabulary).asserted:
            excepted.setdefault(project.name_of(passage.file), {})[sentence.normal] = None
    exceptions = [
        {"reason": "made up for the tests", "files": [file], "sentences": list(sentences)}
        for file, sentences in excepted.items()
    ]
    for file, content in (
        (
            vocabulary_file(project),
            {"words": vocabulary.words, "phrases": vocabulary.model_dump(mode="json")["phrases"]},
        ),
        (exceptions_file(project), exceptions),
    ):
        file.write_text(as_yaml(content), encoding="utf-8")


def needed_exceptions(project: Project) -> str:
    """Return as YAML the exceptions that a project needs, which has only a part of ours."""
    _, used = suspects(project)
    kept = [
        {"reason": each.reason, "files": list(each.files), "sentences": sentences}
        for each in load_exceptions(project)
        if (sentences := [s for s in each.sentences if any((f, s) in used for f in each.files)])
    ]
    return as_yaml(kept)
