"""The settings of a project's books: what people may say, and what the package says itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import yaml
from pydantic import StringConstraints

from kingston_analysis.data.names import NOT_PROSE
from kingston_analysis.data.yaml_models import Strict, load_yaml
from kingston_analysis.project import Project

SETTINGS = "_config.yml"
OWN = Path(__file__).with_name("jupyter-book.yml")
# No figure can stand in a name, which no guard reads.
Name = Annotated[
    str, StringConstraints(pattern=r"^([A-Za-zÀ-ɏ][A-Za-zÀ-ɏ &'’.,-]*)?$", max_length=80), NOT_PROSE
]
Picture = Annotated[str, StringConstraints(pattern=r"^_static/[a-z0-9-]+\.png$"), NOT_PROSE]


class Settings(Strict):
    """What a project may say of all its books; a logo is a picture of `book/_static`."""

    title: Name
    author: Name = ""
    copyright: Name = ""
    logo: Picture | None = None


def settings_of_book(project: Project) -> str:
    """Write the settings that Jupyter Book reads: the package's, and the few of the project.

    Raises KingstonError where the project's hold a key that is not theirs to set.
    """
    own = load_yaml(project, project.config, Settings).model_dump(exclude_none=True)
    settings = {**yaml.safe_load(OWN.read_text(encoding="utf-8")), **own}
    return yaml.safe_dump(settings, sort_keys=False, allow_unicode=True)
