"""What a person still has to do for the editions: confirm what was carried over."""

from __future__ import annotations

import datetime
import textwrap
from collections.abc import Iterator

from kingston_analysis.data.editions import Edition, edition_years, load_edition, years_before
from kingston_analysis.data.hypotheses import load_hypotheses
from kingston_analysis.data.tables import periods
from kingston_analysis.data.topics import OVERVIEW
from kingston_analysis.data.yaml_models import problem_in
from kingston_analysis.errors import Problem
from kingston_analysis.matrix.judgements import carried_judgements, load_judgements
from kingston_analysis.plan.claims import claims_file, load_claims
from kingston_analysis.plan.plans import last_year
from kingston_analysis.plan.targets import Target
from kingston_analysis.plan.themes import load_themes
from kingston_analysis.project import Project
from kingston_analysis.results import Gap

# So much of a sentence tells which it is.
LONGEST = 60
CONFIRM = "Change what is no longer right; removing `carried` from the edition confirms the rest."


def to_do(project: Project) -> Iterator[Problem]:
    """List what is still to be done for the editions, one after the other, with its place."""
    for year in edition_years(project):
        yield from to_do_of(project, load_edition(project, year))


def to_do_of(project: Project, edition: Edition) -> Iterator[Problem]:
    """List what was carried into an edition and is not confirmed yet: what holds its publishing.

    What takes long to find comes last. Raises KingstonError where the edition from which it was
    carried is not there.
    """
    if edition.carried:
        yield from _carried(project, edition, load_edition(project, edition.carried))
    yield from _judgements(project, edition)
    if edition.carried:
        yield from _without_the_year(project, edition)


def _carried(project: Project, edition: Edition, source: Edition) -> Iterator[Problem]:
    year, file = edition.edition, project.data / "editions" / f"{edition.edition}.yml"
    what = f"Edition {year} was carried from {source.edition}."
    remedy = (
        "Read its title, about, community and topics, and the hypotheses it tests; then remove "
        "`carried`."
    )
    yield problem_in(what, file, ("carried",), remedy)
    if edition.plan:
        yield from _plan(project, edition, edition.plan)
        yield from _content_of_plan(project, edition, edition.plan, source)
    yield from _hypotheses(project, edition, source)
    for place, texts in _kept_texts(edition, source):
        quoted = "; ".join(textwrap.shorten(each, LONGEST, placeholder=" …") for each in texts)
        what = f"Edition {year}: as in {source.edition}, word for word, {'.'.join(place)}: "
        yield problem_in(f"{what}{quoted.rstrip('.')}.", file, place, CONFIRM)


def _plan(project: Project, edition: Edition, plan: str) -> Iterator[Problem]:
    """Say so where a plan was over by the extraction, or where its name does not tell."""
    last = last_year(plan)
    if last and periods.ends(last, "financial_year") > edition.extraction:
        return
    ended = f"ended with {last}" if last else "does not say by its name when it ends"
    what = (
        f"Edition {edition.edition} goes with the plan {plan}, which {ended}; it assesses "
        f"{edition.assessed}, by what was known on {edition.extraction}."
    )
    remedy = "Name the plan that followed, or none and under `matrix` whose scheme scores it."
    file = project.data / "editions" / f"{edition.edition}.yml"
    yield problem_in(what, file, ("plan",), f"{remedy} {CONFIRM}")


def _content_of_plan(
    project: Project, edition: Edition, plan: str, source: Edition
) -> Iterator[Problem]:
    """Name the claims and targets of a plan that the source edition's plan has too."""
    if not source.plan:
        return
    as_before = f"Edition {edition.edition}: as in {source.edition}, word for word,"
    claims, earlier = load_claims(project, plan), load_claims(project, source.plan)
    if kept := [each.id for each in claims if each in earlier]:
        what = f"{as_before} the claims {', '.join(kept)}."
        yield Problem(what, claims_file(project, plan), 1, remedy=CONFIRM)
    targets, before = _targets(project, plan), _targets(project, source.plan)
    if aims := [f"{each.id} (to {each.period})" for each in targets if each in before]:
        what = f"{as_before} the targets {', '.join(aims)}."
        file = project.data / "plans" / plan / "themes.yml"
        yield Problem(what, file, 1, remedy=CONFIRM)


def _targets(project: Project, plan: str) -> list[Target]:
    themes = load_themes(project, plan)
    return [e for each in themes if not isinstance(each.targets, Gap) for e in each.targets]


def _hypotheses(project: Project, edition: Edition, source: Edition) -> Iterator[Problem]:
    before = load_hypotheses(project, source.edition)
    tested = load_hypotheses(project, edition.edition)
    if kept := [topic for topic, each in tested.items() if each == before.get(topic)]:
        what = f"Edition {edition.edition}: as in {source.edition}, the hypotheses on "
        file = project.data / "hypotheses" / f"{edition.edition}.yml"
        yield problem_in(f"{what}{', '.join(kept)}.", file, (kept[0],), CONFIRM)


def _kept_texts(edition: Edition, source: Edition) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Give what an edition says as its source does, by the place: surveys, what else is known."""
    pairs = [
        (("community", "surveys"), edition.community.surveys, source.community.surveys),
        (("community", "known"), edition.community.known, source.community.known),
        (("waives",), *(tuple(e.reason for e in each.waives) for each in (edition, source))),
        (("working",), *(_texts(each.working) for each in (edition, source))),
    ]
    for place, texts, earlier in pairs:
        if kept := [each for each in texts if each in earlier]:
            yield place, kept


def _texts(known: tuple[str, ...] | Gap) -> tuple[str, ...]:
    return () if isinstance(known, Gap) else known


def _judgements(project: Project, edition: Edition) -> Iterator[Problem]:
    year = edition.edition
    file = project.data / "judgements" / f"{year}.yml"
    for topic, headings in carried_judgements(project, year).items():
        what = f"Edition {year}, {topic}: carried judgements under {', '.join(headings)}."
        remedy = "Confirm each, or judge anew, and remove its `carried`."
        yield problem_in(what, file, ("topics", topic), remedy)
    if days := _days_before(project, edition):
        what = (
            f"Edition {year}: of its judgements {len(days)} are dated {_span(days)}, before its "
            f"extraction, {edition.extraction}."
        )
        remedy = "Confirm them, or judge anew, and write the day on which that is done as `date`."
        yield problem_in(what, file, ("date",), remedy)


def _days_before(project: Project, edition: Edition) -> list[datetime.date]:
    """Return the days of judgements that were given before this edition, of each judgement.

    They lie no later than the extraction of the edition before it; in one that is carried, before
    its own.
    """
    year = next(years_before(project, edition.edition), None)
    if year is None:
        return []
    until = load_edition(project, year).extraction
    if edition.carried:
        until = edition.extraction - datetime.timedelta(days=1)
    cells = load_judgements(project, edition.edition).values()
    return sorted(each.date for judged in cells for each in judged.values() if each.date <= until)


def _span(days: list[datetime.date]) -> str:
    return " to ".join(map(str, dict.fromkeys((days[0], days[-1]))))


def _without_the_year(project: Project, edition: Edition) -> Iterator[Problem]:
    if titles := list(reasons_without_the_year(project, edition)):
        what = (
            f"Edition {edition.edition}: the figures of {', '.join(titles)} end before the year "
            f"assessed, {edition.assessed}."
        )
        file = project.data / "editions" / f"{edition.edition}.yml"
        remedy = "Add later figures, or let other indicators come first in data/topics.yml."
        yield problem_in(what, file, ("topics",), f"{remedy} {CONFIRM}")


def reasons_without_the_year(project: Project, edition: Edition) -> dict[str, str]:
    """Return, by title, why topics of an edition have no figure of the year assessed any more."""
    # They bring in pandas, for which no command that only looks has time.
    from kingston_analysis.views.edition import EditionView
    from kingston_analysis.views.scope import Scope

    view = EditionView(Scope(project, edition, edition.area))
    known = view.scope.topics
    views = [
        view.topic(name)
        for name in (OVERVIEW, *edition.topics)
        if name in known and known[name].indicators
    ]
    return {
        each.topic.title: each.primary_gap.why
        for each in views
        if each.year_gap and each.primary.known
    }
