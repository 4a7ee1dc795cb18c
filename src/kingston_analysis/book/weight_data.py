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
    headings = [
        {"id": h.id, "title": h.title, "weight": h.weight, "computed": h.is_computed}
        for h in scheme.headings
    ]
    topics, demonstrates = [], False
    for topic in edition.topics:
        found = {h.id: findings.get(f"{PAGE}.{topic}.{h.id}") for h in scheme.headings}
        scores = {name: each.value for name, each in found.items() if each.value is not None}
        rank = findings.get(f"{PAGE}.{topic}.rank")
        demonstrates = demonstrates or any(each.demonstrates for each in (rank, *found.values()))
        ranked = rank.value is not None
        topics.append(
            {"id": topic, "title": titles[topic].title, "scores": scores, "ranked": ranked}
        )
    return {
        "first": scheme.first,
        "fewest_computed": scheme.fewest_computed,
        "tie_breaks": scheme.tie_breaks,
        "demonstrates": demonstrates,
        "headings": headings,
        "topics": topics,
    }
