"""The contents of a book: which pages it has, in which order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from kingston_analysis.data.names import Key, PagePath
from kingston_analysis.data.yaml_models import Strict, load_yaml, problem_in
from kingston_analysis.errors import Problem
from kingston_analysis.project import Project

CONTENTS = "_toc.yml"
# In the contents, the place of the edition's topics.
TOPICS_HERE = "evidence/topics-of-the-edition"


class ContentsChapter(Strict):
    """One page of the contents."""

    file: PagePath


class ContentsPart(Strict):
    """Pages under one caption."""

    caption: str
    chapters: list[ContentsChapter]


class Contents(Strict):
    """The contents as people write them, in the form that Jupyter Book reads."""

    format: Key
    root: PagePath
    parts: list[ContentsPart]


def contents_of(
    project: Project, plan: str | None, topics: Iterable[str], own: Iterable[str] = ()
) -> dict[str, Any]:
    """Return the contents: the plan's pages only with the plan, the topics in their place.

    `own` are an edition's own pages, which end the part in which its topics stand.
    """
    contents = load_yaml(project, project.narrative / CONTENTS, Contents)
    named, parts = list(topics), []
    for part in contents.parts:
        files = [file for each in part.chapters for file in _files(each.file, plan, named)]
        if any(each.file == TOPICS_HERE for each in part.chapters):
            files += [f"evidence/{page}" for page in own]
        if files:
            parts.append({"caption": part.caption, "chapters": [{"file": file} for file in files]})
    return {"format": contents.format, "root": contents.root, "parts": parts}


def pages_in(contents: dict[str, Any]) -> list[str]:
    """List the pages that contents name, the first one first."""
    chapters = [entry["file"] for part in contents["parts"] for entry in part["chapters"]]
    return [contents["root"], *chapters]


def _files(file: str, plan: str | None, topics: list[str]) -> list[str]:
    if file == TOPICS_HERE:
        return [f"evidence/{topic}" for topic in topics]
    if file.startswith("plans/") and not file.startswith(f"plans/{plan}/"):
        return []
    return [file]


def contents_problems(project: Project, evidence: Iterable[str]) -> Iterator[Problem]:
    """Find pages that the contents name and nobody wrote, and pages that they do not name.

    `evidence` are the pages that notebooks make in every edition, by name.
    """
    place = project.narrative / CONTENTS
    contents = load_yaml(project, place, Contents)
    named = dict(_named(contents))
    written = {
        file.relative_to(project.narrative).with_suffix("").as_posix(): file
        for file in sorted(project.narrative.rglob("*.md"))
        if file.is_file()
    }
    made = [f"evidence/{name}" for name in evidence]
    for page, where in named.items():
        if page not in (*written, *made, TOPICS_HERE):
            remedy = f"Write book/{page}.md, or take the page out of the contents."
            yield problem_in(f"There is no page {page}.", place, where, remedy)
    for page, file in written.items():
        if page not in named:
            what = "The contents do not name this page, so no reader would find it."
            yield Problem(what, file, remedy=f"Add it to book/{CONTENTS}, or remove it.")
    for page in [*made, TOPICS_HERE]:
        if page not in named:
            what = f"The contents do not name {page}, which every edition has."
            yield Problem(what, place, remedy=f"Add it: `- file: {page}`.")


def _named(contents: Contents) -> Iterator[tuple[str, tuple[int | str, ...]]]:
    """Give each page of the contents, with its place in their file."""
    yield contents.root, ("root",)
    for number, part in enumerate(contents.parts):
        for at, chapter in enumerate(part.chapters):
            yield chapter.file, ("parts", number, "chapters", at, "file")
