"""`_config.yml` says what a project may say of its books, and nothing that the package says."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from tables_fixture import PROJECT, sound_project

from kingston_analysis.book.settings import OWN, settings_of_book
from kingston_analysis.commands.rules import rule_problems
from kingston_analysis.errors import KingstonError
from kingston_analysis.project import Project

REFUSED = {
    "sphinx:\n  local_extensions: {evil: .}\n": "The key 'sphinx' is not known here.",
    "sphinx:\n  config: {html_extra_path: [.]}\n": "The key 'sphinx' is not known here.",
    "sphinx:\n  config: {html_js_files: [x.js]}\n": "The key 'sphinx' is not known here.",
    "execute: {execute_notebooks: force}\n": "The key 'execute' is not known here.",
    "html: {extra_footer: <script>}\n": "The key 'html' is not known here.",
    "parse: {myst_enable_extensions: [html_image]}\n": "The key 'parse' is not known here.",
    "exclude_patterns: []\n": "The key 'exclude_patterns' is not known here.",
    "logo: ../data/areas.yml\n": "logo: ",
    "logo: _static/x.svg\n": "logo: ",
    "author: Crime fell by 90%\n": "author: ",
    "copyright: <b>We</b>\n": "copyright: ",
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return sound_project(tmp_path)


@pytest.mark.parametrize(("more", "what"), REFUSED.items())
def test_a_setting_that_is_not_the_projects_is_refused_with_its_line(
    project: Project, more: str, what: str
) -> None:
    project.config.write_text(f"title: A book\n{more}", encoding="utf-8")

    told = [str(each) for each in rule_problems(project)]

    assert [each for each in told if each.startswith("_config.yml:2:") and what in each], told
    with pytest.raises(KingstonError):
        settings_of_book(project)


def test_what_is_allowed_stands_beside_all_that_the_package_says(project: Project) -> None:
    project.config.write_text("title: A book\nauthor: The partnership\n", encoding="utf-8")
    own = yaml.safe_load(OWN.read_text(encoding="utf-8"))

    said = yaml.safe_load(settings_of_book(project))

    assert said == {**own, "title": "A book", "author": "The partnership", "copyright": ""}


def test_the_settings_of_this_project_hold() -> None:
    assert yaml.safe_load(settings_of_book(PROJECT))["sphinx"]["extra_extensions"] == [
        "kingston_analysis.book.extension"
    ]
