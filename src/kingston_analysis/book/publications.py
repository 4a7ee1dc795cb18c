"""The log of publications: which manifest was published when, and who signed it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import StringConstraints

from kingston_analysis.data.names import NOT_PROSE
from kingston_analysis.data.yaml_models import Strict, load_yaml
from kingston_analysis.project import Project

_HEADER = "# What was signed, oldest first. `kingston sign` adds to it; change nothing here.\n"


class SignedSite(Strict):
    """A site that was signed: the hash of its manifest, by whom, and on which day by their word."""

    manifest: Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$"), NOT_PROSE]
    signer: Annotated[str, NOT_PROSE]
    date: date


def publications_file(project: Project) -> Path:
    """Return the place of the log."""
    return project.data / "published.yml"


def publications(project: Project) -> list[SignedSite]:
    """Read the log; nothing where nothing was signed yet. Raises KingstonError where faulty."""
    file = publications_file(project)
    return load_yaml(project, file, list[SignedSite]) if file.exists() else []


def note_publication(project: Project, made: SignedSite) -> bool:
    """Add a publication to the log, unless it stands there; tell whether it was added."""
    if made in publications(project):
        return False
    file = publications_file(project)
    text = file.read_text(encoding="utf-8") if file.exists() else _HEADER
    values = (f"{key}: {value}" for key, value in made.model_dump(mode="json").items())
    file.write_text(f"{text}- {{{', '.join(values)}}}\n", encoding="utf-8", newline="\n")
    return True
