"""Roles that put a finding, or a fact of the edition, into a sentence of the narrative."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from kingston_analysis.book.claim_text import anchor
from kingston_analysis.book.context import book_findings, build_context
from kingston_analysis.errors import KingstonError, nearest
from kingston_analysis.results import Finding, number_of
from kingston_analysis.show import wording
from kingston_analysis.show.wording import change_words

_log = logging.getLogger(__name__)


def as_number(finding: Finding) -> str:
    """Write a finding as a number."""
    return wording.number(number_of(finding), finding.unit)


FORMS = {
    "number": as_number,
    "share": lambda finding: wording.share(finding.value),
    "change": change_words,
    "period": lambda finding: str(finding.period),
    "text": lambda finding: str(finding.value),
}
# These speak also where a value is missing: of the comparison that cannot be made, of the period.
WITHOUT_VALUE = {"change", "period"}


class FindingRole(SphinxRole):
    """Print a finding in one form; a finding that is not there is an error with page and line."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the text of the finding."""
        try:
            finding = book_findings(Path(self.env.srcdir)).get(self.text)
            if finding.value is None and self.name not in WITHOUT_VALUE:
                raise KingstonError(f"The finding '{self.text}' has no value: {finding.missing}")
            text = self._formatted(finding)
        except KingstonError as error:
            _log.warning("%s", error, location=self.get_location())
            return [nodes.problematic(self.rawtext, self.rawtext)], []
        except (TypeError, ValueError):
            what = f"The finding '{self.text}' cannot be written as {self.name}."
            _log.warning(what, location=self.get_location())
            return [nodes.problematic(self.rawtext, self.rawtext)], []
        return [nodes.inline(self.rawtext, text, classes=["kb-finding"])], []

    def _formatted(self, finding: Finding) -> str:
        if self.name != "rank":
            return FORMS[self.name](finding)
        target, _, period = self.text.partition("@")
        other = book_findings(Path(self.env.srcdir)).get(
            f"{target}_top" + (period and f"@{period}")
        )
        return wording.rank(number_of(finding), number_of(other))


class EditionRole(SphinxRole):
    """Print a fact of the edition: year, title, area, assessed, extraction, about."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the text of the fact."""
        context = build_context(Path(self.env.srcdir))
        if not hasattr(context, self.text):
            _log.warning("An edition has no '%s'.", self.text, location=self.get_location())
            return [nodes.problematic(self.rawtext, self.rawtext)], []
        return [nodes.Text(str(getattr(context, self.text)))], []


class ClaimRole(SphinxRole):
    """Print a claim with its verdict, which leads to its evidence; one of ours must hold."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the sentence and the link."""
        context = build_context(Path(self.env.srcdir))
        claims = (context.content or {}).get("claims", {})
        found = claims.get(self.text)
        if found is None:
            what = f"There is no claim '{self.text}'. {nearest(self.text, claims)}"
            _log.warning(what, location=self.get_location())
            return [nodes.problematic(self.rawtext, self.rawtext)], []
        if found["voice"] == "ours" and found["verdict"] != "holds":
            what = f"Our claim '{self.text}': {found['verdict']}. {found['why']}"
            _log.warning(what, location=self.get_location())
        up = "../" * self.env.docname.count("/")
        place = f"{up}plans/{context.plan}/claims.html#{anchor(self.text)}"
        verdict = nodes.reference("", found["verdict"], refuri=place, classes=["kb-verdict"])
        return [
            nodes.inline(self.rawtext, found["text"]),
            nodes.Text(" ["),
            verdict,
            nodes.Text("]"),
        ], []


class FileRole(SphinxRole):
    """Link to a file at the root of the book's site: label <name>."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the link."""
        label, _, name = self.text.rstrip(">").partition(" <")
        up = "../" * self.env.docname.count("/")
        return [nodes.reference(self.rawtext, label, refuri=f"{up}{name}")], []
