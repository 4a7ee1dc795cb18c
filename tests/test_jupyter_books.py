"""Books are built side by side, each by a process of its own, and each outcome is told."""

from __future__ import annotations

import sys

import pytest

from kingston_analysis.book import jupyter_books
from kingston_analysis.book.jupyter_books import build_each
from kingston_analysis.errors import KingstonError

HELP, WRONG = ["--help"], ["build", "nowhere"]


def test_each_command_is_told_of_when_it_starts_and_ends_with_its_code_and_what_it_said(tmp_path):
    news = list(build_each([HELP, WRONG], 1, tmp_path))

    assert [(number, end and end[0]) for number, end in news] == [
        (0, None),
        (0, 0),
        (1, None),
        (1, 2),
    ]
    assert "Usage: jupyter-book" in news[1][1][1]
    assert "'nowhere' does not exist" in news[3][1][1]


def test_no_more_commands_run_at_once_than_there_are_jobs(tmp_path):
    news = build_each([HELP] * 5, 2, tmp_path)

    at_once = [0]
    for _, end in news:
        at_once.append(at_once[-1] + (1 if end is None else -1))
    assert max(at_once) == 2
    assert at_once[-1] == 0


def test_a_system_that_cannot_fork_gives_the_same_news(tmp_path, monkeypatch):
    forked = list(build_each([HELP, WRONG], 1, tmp_path))

    monkeypatch.delattr("os.fork")

    assert list(build_each([HELP, WRONG], 1, tmp_path)) == forked


def test_a_lost_process_is_told_of_with_a_remedy(tmp_path, monkeypatch):
    killed = (sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    monkeypatch.setattr(jupyter_books, "COMMAND", killed)

    with pytest.raises(KingstonError, match=r"was ended by SIGKILL\. Build again;.*fewer --jobs"):
        list(build_each([HELP], 2, tmp_path))
