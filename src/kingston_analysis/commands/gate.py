"""The gate before a build: all that the books are made of is sound, or nothing is built.

What was found sound is kept with the hash of all that was looked at, so that a build with nothing
to do need not look again; a verdict that is of other files, or is none, is not heeded.
"""

from __future__ import annotations

import json
import platform
from pathlib import Path

from kingston_analysis.commands.showing import say
from kingston_analysis.errors import raise_any
from kingston_analysis.project import Project, content_of, json_of, sha256
from kingston_analysis.records.key import Now
from kingston_analysis.records.record import has_valid_checksum, with_checksum, write_atomically


def refuse_unsound(project: Project) -> None:
    """Raise KingstonError with everything that is wrong in data, narrative and notebooks."""
    now = _hash(project)
    if _sound(project) == now:
        return
    if _verdict(project).exists() and _sound(project) is None:
        say("What was found of the data is not as it was kept; they are looked at again.")
    # It imports pandas.
    from kingston_analysis.commands.checks import data_problems

    raise_any(data_problems(project))
    text = json.dumps(with_checksum({"sound": now}), indent=1) + "\n"
    write_atomically(_verdict(project), text)


def refuse_without_rules(project: Project) -> None:
    """Raise KingstonError where a rule is missing or none, before any page runs for nothing."""
    if _sound(project) == _hash(project):
        return
    from kingston_analysis.commands.rules import rule_problems

    raise_any(rule_problems(project))


def _verdict(project: Project) -> Path:
    return project.build / "verdicts" / "data.json"


def _sound(project: Project) -> str | None:
    """Return the hash of what was found sound, if a verdict says so and vouches for itself."""
    try:
        content = json_of(content_of(_verdict(project)))
        return str(content["sound"]) if has_valid_checksum(content) else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _hash(project: Project) -> str:
    """Hash every file that people write, by its place, and the code that judges them."""
    now = Now(project)
    folders = (project.data, project.narrative, project.notebooks)
    places = [each for folder in folders for each in sorted(folder.rglob("*"))]
    held = {name: now.hash_of(name) for name in map(project.name_of, (*places, project.config))}
    content = [held, now.package.hashes, platform.python_version()]
    return sha256(json.dumps(content, sort_keys=True).encode())
