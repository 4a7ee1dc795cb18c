"""What the process of a page was confined by: kept beside the record, which it is no part of.

A record is published and hashed, and says the same whatever system the page ran on; this does not.
"""

from __future__ import annotations

from kingston_analysis.project import json_of
from kingston_analysis.records.pages import Page
from kingston_analysis.records.record import write_atomically

NOT_CONFINED = "not confined"


def keep_confinement(page: Page, by: str) -> None:
    """Note beside the record that is there what confined the page, or that nothing did."""
    said = f"confined by {by}" if by else NOT_CONFINED
    write_atomically(page.confinement, f"{_record(page)}: {said}\n")


def confinement_of(page: Page) -> str:
    """Say what confined a page when its record was made; nobody knows of one without a note."""
    try:
        record, said = page.confinement.read_text(encoding="utf-8").rstrip().rsplit(": ", 1)
    except (OSError, ValueError):
        return NOT_CONFINED
    return said if record == _record(page) else NOT_CONFINED


def _record(page: Page) -> str:
    """Return the hash that a page's record ends in."""
    try:
        return str(json_of(page.record.read_bytes())["record"])
    except (OSError, ValueError, LookupError, TypeError):
        return ""
