"""The sparkline cards on the landing page: latest figure, direction in words, and a sparkline."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from kingston_analysis.book.context import Card
from kingston_analysis.results import Estimate, Finding, Findings, Gap, number_of
from kingston_analysis.show import wording
from kingston_analysis.show.escaping import html

WIDTH, HEIGHT, MARGIN = 120, 36, 3


@dataclass(frozen=True)
class Latest:
    """What a card says: figure of the year, direction and what else it may mean, the line."""

    number: str
    counted: str
    direction: str
    note: str
    points: str
    last: tuple[float, float]


def sparkline_cards_html(cards: list[Card], findings: Findings, up: str) -> Markup:
    """Write the cards; a theme without a figure of the year assessed says so."""
    shown = [
        (card, _latest(findings, card.topic), wording.without_figure(_count(findings, card.topic)))
        for card in cards
    ]
    return html("strip.html.j2", cards=shown, up=up, width=WIDTH, height=HEIGHT)


def _count(findings: Findings, topic: str) -> Finding:
    """Return the count of the year assessed; the last that is published is of that year."""
    return findings.get(f"{topic}.count")


def _latest(findings: Findings, topic: str) -> Latest | None:
    newest = _count(findings, topic)
    if newest.value is None:
        return None
    counts = [each for each in findings.series(topic, "count") if each.value is not None]
    change = findings.get(f"{topic}.change")
    points = _points([float(number_of(each)) for each in counts])
    return Latest(
        number=wording.number(number_of(newest)),
        counted=f"{newest.what} in {newest.period}",
        direction=direction_text(change),
        note=wording.on_polarity(change.polarity, change.verdict),
        points=" ".join(f"{x:.1f},{y:.1f}" for x, y in points),
        last=points[-1],
    )


def direction_text(change: Finding) -> str:
    """Say in words which way a figure went, without a full stop."""
    if change.value is None and change.verdict not in ("rose", "fell", "no clear change"):
        return f"No change can be given: {(change.missing or '').rstrip('.')}"
    if change.verdict == "no clear change":
        return "No clear change from the year before"
    few = Gap(change.missing or "")
    ratio = few if change.value is None else Estimate(1 + number_of(change) / 100)
    text = wording.change_in_words(change.verdict, ratio)
    return f"{wording.sentence_start(text)} on the year before, more than chance explains"


def _points(values: list[float]) -> list[tuple[float, float]]:
    """Place values from zero upwards across the sparkline."""
    top = max(values) or 1
    across = (WIDTH - 2 * MARGIN) / max(len(values) - 1, 1)
    down = HEIGHT - 2 * MARGIN
    return [
        (MARGIN + i * across, MARGIN + down * (1 - value / top)) for i, value in enumerate(values)
    ]
