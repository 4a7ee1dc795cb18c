"""What readers weigh: the scores that the matrix page found, and the scheme behind them."""

from __future__ import annotations

from typing import Any

from kingston_analysis.data.editions import Edition
from kingston_analysis.data.topics import load_topics
from kingston_analysis.matrix.scheme import load_scheme
from kingston_analysis.project import Project
from kingston_analysis.results import Findings

PAGE = "matrix"


def weight_data(project: Project, edition: Edition, findings: Findings) -> dict[str, Any] | None:
    """Gather headings with their weights, and topics with their scores; None without a matrix."""
    if edition.scheme is None or PAGE not in {each.page for each in findings}:
        return None
    scheme, titles = load_scheme(project, edition.scheme), load_topics(project)
    headings = [{"id": h.id, "title": h.title, "weight": h.weight} for h in scheme.headings]
    topics = []
    for topic in edition.topics:
        found = {h.id: findings.get(f"{PAGE}.{topic}.{h.id}").value for h in scheme.headings}
        scores = {name: score for name, score in found.items() if score is not None}
        topics.append({"id": topic, "title": titles[topic].title, "scores": scores})
    return {
        "first": scheme.first,
        "fewest": scheme.fewest,
        "tie_breaks": scheme.tie_breaks,
        "headings": headings,
        "topics": topics,
    }
