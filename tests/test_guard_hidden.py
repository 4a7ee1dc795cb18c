"""The guard against what hides from it: texts of `hidden_texts.yml`, read as the book shows them.

They were written before the guard read by the book's own parser.
"""

from __future__ import annotations

import pytest
import yaml
from sphinx.config import Config
from tables_fixture import PROJECT, TESTS

from kingston_analysis.book.borders import close_syntax
from kingston_analysis.book.guard.sentences import sentences_of
from kingston_analysis.book.guard.words import UNKNOWN, load_vocabulary
from kingston_analysis.book.page_parser import page_parser

OURS = load_vocabulary(PROJECT)
CORPUS = yaml.safe_load((TESTS / "corpora" / "hidden_texts.yml").read_text("utf-8"))
# A year that is none, and that no form tells from one.
MISSED = ["Burglary by 2010 in the ward."]
# An address in sight, with a number.
HELD = ["<https://www.legislation.gov.uk/ukpga/1998/37>"]


def kinds_in(text: str) -> set[str]:
    words = [word for sentence in sentences_of(text) for word in OURS.words_of(sentence.seen)]
    return {each.kind for each in words} - {"neutral"}


@pytest.mark.parametrize("text", [each["sentence"] for each in CORPUS if each["false"]])
def test_what_a_reader_would_see_is_held_up(text):
    assert bool(kinds_in(text)) == (text not in MISSED)


@pytest.mark.parametrize("text", [each["sentence"] for each in CORPUS if not each["false"]])
def test_a_sound_text_of_the_same_form_is_held_up_by_words_without_class_alone(text):
    assert (kinds_in(text) <= {UNKNOWN}) == (text not in HELD)


def test_the_guard_reads_by_the_syntax_that_the_book_is_made_with(sphinx_config):
    read_by = page_parser().options["myst_config"]
    assert sphinx_config.myst_enable_extensions == read_by.enable_extensions
    assert sphinx_config.myst_disable_syntax == read_by.disable_syntax


@pytest.fixture
def sphinx_config() -> Config:
    config = Config()
    for name in ("myst_enable_extensions", "myst_disable_syntax"):
        config.add(name, None, "env", ())
    close_syntax(None, config)
    return config
