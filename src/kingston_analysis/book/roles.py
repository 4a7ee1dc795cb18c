"""Roles that put a finding, or a fact of the edition, into a sentence of the narrative."""

from __future__ import annotations

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from kingston_analysis.book.claim_text import anchor
from kingston_analysis.book.in_book import InBook
from kingston_analysis.errors import KingstonError, nearest
from kingston_analysis.results import Finding, number_of
from kingston_analysis.show import wording
from kingston_analysis.show.wording import change_words

Result = tuple[list[nodes.Node], list[nodes.system_message]]


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


class BookRole(InBook, SphinxRole):
    """A role that knows its book."""

    def refused(self, what: object) -> Result:
        """Warn with page and line, and mark the role as one that cannot be printed."""
        self.warn(what)
        return [nodes.problematic(self.rawtext, self.rawtext)], []


class FindingRole(BookRole):
    """Print a finding in one form; a finding that is not there is an error with page and line."""

    def run(self) -> Result:
        """Return the text of the finding."""
        try:
            finding = self.findings.get(self.text)
            if finding.value is None and self.name not in WITHOUT_VALUE:
                raise KingstonError(f"The finding '{self.text}' has no value: {finding.missing}")
            text = self._formatted(finding)
        except KingstonError as error:
            return self.refused(error)
        except (TypeError, ValueError):
            return self.refused(f"The finding '{self.text}' cannot be written as {self.name}.")
        mark = " [d]" if finding.demonstrates else ""
        return [nodes.inline(self.rawtext, text + mark, classes=["kb-finding"])], []

    def _formatted(self, finding: Finding) -> str:
        if self.name != "rank":
            return FORMS[self.name](finding)
        target, _, period = self.text.partition("@")
        other = self.findings.get(f"{target}_top" + (period and f"@{period}"))
        return wording.rank(number_of(finding), number_of(other))


class EditionRole(BookRole):
    """Print a fact of the edition: year, title, area, assessed, extraction, about."""

    def run(self) -> Result:
        """Return the text of the fact."""
        if not hasattr(self.context, self.text):
            return self.refused(f"An edition has no '{self.text}'.")
        return [nodes.Text(str(getattr(self.context, self.text)))], []


class ClaimRole(BookRole):
    """Print a claim with its verdict, which leads to its evidence; one of ours must hold."""

    def run(self) -> Result:
        """Return the sentence and the link."""
        claims = (self.context.content or {}).get("claims", {})
        found = claims.get(self.text)
        if found is None:
            return self.refused(f"There is no claim '{self.text}'. {nearest(self.text, claims)}")
        if found["voice"] == "ours" and found["verdict"] != "holds":
            self.warn(f"Our claim '{self.text}': {found['verdict']}. {found['why']}")
        place = f"{self.up}plans/{self.context.plan}/claims.html#{anchor(self.text)}"
        verdict = nodes.reference("", found["verdict"], refuri=place, classes=["kb-verdict"])
        return [
            nodes.inline(self.rawtext, found["text"]),
            nodes.Text(" ["),
            verdict,
            nodes.Text("]"),
        ], []


class FileRole(BookRole):
    """Link to a file at the root of the book's site: label <name>."""

    def run(self) -> Result:
        """Return the link."""
        label, _, name = self.text.rstrip(">").partition(" <")
        return [nodes.reference(self.rawtext, label, refuri=f"{self.up}{name}")], []
