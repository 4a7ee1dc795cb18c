"""Claims: every seeded false one is caught, no true one is, and each verdict has its reason.

The figures are the published ones of violence against the person in Kingston, and a few made up
beside them, small enough to check by hand. The pairs of true and false claims are in claims.yml.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
import yaml
from findings_fixture import published
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from tables_fixture import KINGSTON, PROJECT, TESTS

from kingston_analysis.book.claim_sentences import claim_sentences, counted_in
from kingston_analysis.book.claim_text import claim_lines, figures
from kingston_analysis.data.topics import OVERVIEW, load_topics
from kingston_analysis.errors import KingstonError
from kingston_analysis.notebook import open_topic
from kingston_analysis.plan.claims import Claim, SeriesRef, load_claims
from kingston_analysis.plan.verdicts import JudgedClaim, judge_claim
from kingston_analysis.results import Findings

YEARS = ["2003/04", "2004/05", "2005/06", "2006/07", "2007/08", "2008/09"]
COUNTS = [3_447, 3_520, 3_240, 3_003, 2_575, 2_191]
RATES = [23.0, 23.3, 21.2, 19.5, 16.7, 14.1]
RANKS = [4, 4, 4, 4, 3, 2]
RANKS_BY_RATE = [13, 13, 12, 11, 9, 4]
AREAS = 32
THEME = "violence-against-the-person"

VIOLENCE = {"page": "violence", "indicator": "offences"}
ASSAULTS = {"page": "violence", "indicator": "assaults"}
WOUNDING = {"page": "violence", "indicator": "wounding"}
ADMISSIONS = {"page": "alcohol", "indicator": "admissions"}
BURGLARY = {"page": "burglary", "indicator": "offences"}


def series(of: dict[str, str], prefix: str, name: str, values: dict[str, Any], **more):
    for period, value in values.items():
        about = {"indicator": of["indicator"], **more}
        yield published(of["page"], prefix + name, period, value, **about)


def of_years(values: list) -> dict[str, Any]:
    return dict(zip(YEARS, values, strict=True))


def changes(of: dict[str, str], prefix: str, verdicts: list[str | None]):
    for period, verdict in zip(YEARS[1:], verdicts, strict=True):
        value = None if verdict == "cannot be compared" else 1.0
        missing = None if value else "The count was made in another way."
        more = {"verdict": verdict, "missing": missing}
        yield from series(of, prefix, "change", {period: value}, **more)


FOUND = Findings(
    [
        *series(VIOLENCE, "", "count", of_years(COUNTS)),
        *series(VIOLENCE, "", "rate", of_years(RATES)),
        *series(VIOLENCE, "", "rank_count", of_years(RANKS)),
        *series(VIOLENCE, "", "rank_rate", of_years(RANKS_BY_RATE)),
        *series(VIOLENCE, "", "rank_count_top", of_years([AREAS + 1 - r for r in RANKS])),
        *series(VIOLENCE, "", "rank_rate_top", of_years([AREAS + 1 - r for r in RANKS_BY_RATE])),
        *series(VIOLENCE, "", "areas", of_years([AREAS] * 6)),
        *changes(VIOLENCE, "", [*["no clear change"] * 3, "fell", "fell"]),
        # 912 + 863 of 2,191 are 81%; 246 are 11%.
        *series(ASSAULTS, "assaults.", "count", {"2008/09": 1_775}),
        *series(WOUNDING, "wounding.", "count", {"2008/09": 246}),
        # 24 boroughs, no rate; the year before last cannot be compared.
        *series(ADMISSIONS, "", "count", of_years([40, 41, 42, 36, 30, 31])),
        *series(ADMISSIONS, "", "rank_count", of_years([3, 3, 3, 3, 2, 2])),
        *series(ADMISSIONS, "", "areas", of_years([24] * 6)),
        *changes(ADMISSIONS, "", [*["no clear change"] * 3, "cannot be compared", "rose"]),
        *series(BURGLARY, "", "count", of_years([985, 939, 984, 1_188, 1_038, None])),
        *series(BURGLARY, "", "rate", of_years([6.6, 6.2, 6.4, 7.7, 6.7, None])),
        *changes(BURGLARY, "", ["no clear change", "rose", "rose", "fell", "no clear change"]),
    ]
)


def verdict_on(voice: str = "plan", **test: Any) -> JudgedClaim:
    content = {"id": "one", "voice": voice, "text": "A sentence.", "test": test}
    return judge_claim(TypeAdapter(Claim).validate_python(content), FOUND)


def of_test(kind: str, of: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"kind": kind, "of": of, **more}


WINDOW = ["2004/05", "2005/06", "2006/07"]
SERIES = {"V": VIOLENCE, "A": ASSAULTS, "W": WOUNDING, "B": BURGLARY}
PAIRS = yaml.safe_load((TESTS / "claims.yml").read_text(encoding="utf-8"))


def named(test: Any) -> Any:
    """Put a series for each letter that names one."""
    if isinstance(test, dict):
        return {key: named(value) for key, value in test.items()}
    if isinstance(test, list):
        return [named(value) for value in test]
    return SERIES.get(test, test) if isinstance(test, str) else test


def test_there_are_enough_false_claims_of_every_kind_that_can_be_tested():
    kinds = {pair["fails"]["kind"] for pair in PAIRS.values()}
    assert len(PAIRS) >= 20
    assert kinds == {"value", "direction", "rank", "extreme", "share", "comparison"}


@pytest.mark.parametrize("name", PAIRS)
def test_a_true_claim_holds(name):
    assert verdict_on(**named(PAIRS[name]["holds"])).verdict == "holds"


@pytest.mark.parametrize("name", PAIRS)
def test_a_false_claim_is_caught_and_the_figures_are_shown(name):
    judged = verdict_on(**named(PAIRS[name]["fails"]))
    assert judged.verdict == "does not hold"
    assert judged.evidence


# The plan's own statements


def fourth_lowest() -> JudgedClaim:
    return verdict_on(kind="rank", of=VIOLENCE, periods=WINDOW, **{"from": "lowest"}, exactly=4)


def test_fourth_lowest_holds_by_count_and_not_by_rate():
    judged = fourth_lowest()
    assert judged.verdict == "holds only by count"
    assert "2004/05: fourth lowest of 32 by count" in figures(judged)
    assert "2004/05: 13th lowest of 32 by rate" in figures(judged)


def test_year_on_year_is_no_clear_change_and_tells_of_the_year_before():
    judged = verdict_on(
        kind="direction", of=VIOLENCE, periods=WINDOW, went="fell", before="2003/04"
    )
    assert judged.verdict == "cannot be tested"
    assert judged.why == (
        "The book finds no clear change in 2005/06 and 2006/07: chance can explain it."
    )
    told = " ".join(judged.evidence)
    assert "2004/05 to 2005/06: the count went from 3,520 to 3,240, which can be chance" in told
    assert "the rate went from 23.3 to 21.2 per 1,000 residents" in told
    assert "does not cover" not in judged.why
    assert "2003/04 to 2004/05: the count went from 3,447 to 3,520, which can be chance" in told


def found_in(year: int) -> Findings:
    """Return what an edition's pages find of all crime and of violence."""
    pages = [open_topic(edition=year, area=KINGSTON, topic=each) for each in (OVERVIEW, THEME)]
    return Findings(
        replace(value, page=page.name)
        for page in pages
        for _, values in page.view.found
        for value in values
    )


@pytest.mark.parametrize(
    ("year", "verdicts"),
    [
        (2008, {"holds": 2, "holds only by count": 1, "cannot be tested": 7}),
        (2009, {"holds": 3, "holds only by count": 1, "cannot be tested": 6}),
        (2010, {"holds": 5, "holds only by count": 1, "cannot be tested": 4}),
        (2011, {"holds": 5, "holds only by count": 1, "cannot be tested": 4}),
    ],
)
def test_the_claims_of_the_plan_on_the_figures_of_each_edition(year, verdicts):
    found = found_in(year)
    judged = {each.id: judge_claim(each, found) for each in load_claims(PROJECT, "2008-11")}
    assert Counter(each.verdict for each in judged.values()) == verdicts
    assert judged["fourth-lowest"].verdict == "holds only by count"
    if year >= 2010:
        assert "2008/09: 912 + 863 of 2,191, which is 81.0%" in judged["mostly-minor"].evidence
    assert {each.verdict for each in judged.values() if each.claim.voice == "ours"} == {"holds"}


def test_a_claim_on_a_year_that_is_not_known_yet_cannot_be_tested():
    judged = verdict_on(kind="direction", of=VIOLENCE, periods=["2008/09", "2009/10"], went="fell")
    assert (judged.verdict, judged.why) == (
        "cannot be tested",
        "2009/10 is not known in this edition.",
    )


def test_a_direction_may_end_in_the_latest_year_whichever_that_is():
    judged = verdict_on(kind="direction", of=VIOLENCE, periods=["2007/08", "latest"], went="fell")
    assert judged.verdict == "holds"
    assert judged.evidence[0].startswith("2007/08 to 2008/09: the count fell from 2,575 to 2,191")


def test_a_figure_that_was_withheld_cannot_be_tested():
    judged = verdict_on(kind="value", of=BURGLARY, period="2008/09", at_most=2_000)
    assert judged.verdict == "cannot be tested"


def test_years_that_cannot_be_compared_cannot_be_tested_for_a_direction():
    judged = verdict_on(
        kind="direction", of=ADMISSIONS, periods=["2006/07", "2007/08"], went="fell"
    )
    assert judged.verdict == "cannot be tested"
    assert judged.why == "The count was made in another way."


def test_without_a_rate_a_rank_holds_only_by_count():
    judged = verdict_on(
        kind="rank", of=ADMISSIONS, periods=["2006/07"], **{"from": "lowest"}, exactly=3
    )
    assert judged.verdict == "holds only by count"
    assert "no rate is held" in judged.why


def test_what_nothing_can_test_says_why():
    judged = verdict_on(kind="untestable", reason="No survey is held.")
    assert (judged.verdict, judged.why) == ("cannot be tested", "No survey is held.")


def share_of(part: int, whole: int) -> JudgedClaim:
    year = "2008/09"
    found = Findings(
        [
            *series(ASSAULTS, "assaults.", "count", {year: part}),
            *series(VIOLENCE, "", "count", {year: whole}),
        ]
    )
    test = {"kind": "share", "parts": [ASSAULTS], "whole": VIOLENCE, "period": year}
    content = {"id": "one", "voice": "plan", "text": "A sentence."}
    claim = TypeAdapter(Claim).validate_python({**content, "test": {**test, "more_than": 0.5}})
    return judge_claim(claim, found)


def test_a_share_of_nothing_cannot_be_tested_and_one_of_a_single_offence_can():
    nothing = share_of(0, 0)
    assert (nothing.verdict, nothing.why) == ("cannot be tested", "The whole was none in 2008/09.")
    assert share_of(1, 1).evidence == ("2008/09: 1 of 1, which is 100.0%",)
    assert (share_of(1, 1).verdict, share_of(0, 1).verdict) == ("holds", "does not hold")


def test_the_lowest_and_the_highest_year_are_the_extreme_ones_and_no_others():
    # By count and by rate, burglary was lowest in 2004/05 and highest in 2006/07.
    years = {"over": ["2003/04", "2007/08"]}
    for extremum, right in (("lowest", "2004/05"), ("highest", "2006/07")):
        found = {
            year: verdict_on(
                **of_test("extreme", BURGLARY, period=year, **years, **{"is": extremum})
            )
            for year in YEARS[:5]
        }
        assert [year for year, each in found.items() if each.verdict == "holds"] == [right]


# What a test asks, in words


def counted(of: SeriesRef) -> str:
    parts = {"assaults": "assaults", "wounding": "woundings"}
    return parts.get(of.indicator, f"{of.page} offences")


def asked(**test: Any) -> str:
    return claim_sentences(verdict_on(**test).claim.test, counted)[0]


@pytest.mark.parametrize(
    ("test", "sentence"),
    [
        (
            of_test("value", VIOLENCE, period="2006/07", at_least=3_000, at_most=3_500),
            "In 2006/07 the number of violence offences was at least 3,000 and at most 3,500.",
        ),
        (
            of_test("value", VIOLENCE, period="latest", measure="rate", at_most=19.5),
            "In the latest year the rate of violence offences was at most 19.5 per 1,000 "
            "residents.",
        ),
        (
            of_test("direction", VIOLENCE, periods=WINDOW, went="fell"),
            "From 2004/05 to 2006/07 the number of violence offences fell from year to year.",
        ),
        (
            of_test("rank", VIOLENCE, periods=["2006/07"], at_most=8, **{"from": "lowest"}),
            "In 2006/07 the number of violence offences was among the eight lowest of all London "
            "boroughs.",
        ),
        (
            of_test("rank", VIOLENCE, periods=WINDOW, exactly=4, **{"from": "lowest"}),
            "In 2004/05, 2005/06 and 2006/07 the number of violence offences was the fourth lowest "
            "of all London boroughs.",
        ),
        (
            of_test("rank", VIOLENCE, periods=["2006/07"], at_most=1, **{"from": "highest"}),
            "In 2006/07 the number of violence offences was the highest of all London boroughs.",
        ),
        (
            of_test("extreme", VIOLENCE, period="2005/06", over=WINDOW[::2], **{"is": "highest"}),
            "In 2005/06 the number of violence offences was the highest of all years from 2004/05 "
            "to 2006/07.",
        ),
        (
            {"kind": "share", "parts": [ASSAULTS, WOUNDING], "whole": VIOLENCE}
            | {"period": "2008/09", "more_than": 0.5},
            "In 2008/09 assaults and woundings together were more than 50% of all violence "
            "offences.",
        ),
        (
            {"kind": "share", "parts": [WOUNDING], "whole": VIOLENCE, "period": "2008/09"}
            | {"less_than": 0.25},
            "In 2008/09 woundings were less than 25% of all violence offences.",
        ),
        (
            of_test("comparison", VIOLENCE, than=BURGLARY, period="2006/07", times=2.5)
            | {"is": "higher"},
            "In 2006/07 the number of violence offences was at least 2.5 times the number of "
            "burglary offences.",
        ),
        (
            of_test("comparison", BURGLARY, than=VIOLENCE, period="2006/07") | {"is": "lower"},
            "In 2006/07 the number of burglary offences was lower than the number of violence "
            "offences.",
        ),
    ],
)
def test_a_test_makes_a_sentence_with_its_threshold(test, sentence):
    assert asked(**test) == sentence


def test_the_ledger_prints_what_each_test_asks_but_for_what_nothing_can_test():
    rank = verdict_on(
        kind="rank", of=VIOLENCE, periods=["2006/07"], at_most=8, **{"from": "lowest"}
    )
    untested = verdict_on(kind="untestable", reason="No survey.")
    lines = claim_lines([rank, untested], Counter(), counted)
    assert lines[0].startswith("There are 2 claims. ")
    [tested] = [line for line in lines if line.startswith("- Tested")]
    assert tested == f"- Tested: {claim_sentences(rank.claim.test, counted)[0]}"
    assert "- **Verdict: cannot be tested.** No survey." in lines


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        (
            {"finding": 53, "claim": 3, "exception": 126},
            "53 numbers and words such as “rose” are tied to computed results and 3 claims are "
            "made; 126 sentences with a number, a direction, a comparison or a quantity are not "
            "tied: what",
        ),
        (
            {"finding": 1, "claim": 1, "exception": 1},
            "1 number or word such as “rose” is tied to computed results and 1 claim is made; 1 "
            "sentence with a number, a direction, a comparison or a quantity is not tied: what",
        ),
        (
            {},
            "no numbers and words such as “rose” are tied to computed results and no claims are "
            "made; no sentences with a number, a direction, a comparison or a quantity are not "
            "tied: what",
        ),
    ],
)
def test_the_ledger_says_how_many_numbers_are_tied_to_results(numbers, words):
    untested = verdict_on(kind="untestable", reason="No survey.")
    one = claim_lines([untested], Counter(numbers), counted)
    assert one[0].startswith("There is 1 claim. ")
    assert words in one[2]


def test_what_the_plan_calls_most_rarely_and_among_the_safest_is_tested_by_a_threshold():
    counts = counted_in(load_topics(PROJECT))
    claims = {each.id: each.test for each in load_claims(PROJECT, "2008-11")}
    ids = ("among-the-safest", "mostly-minor", "serious-is-rare")
    safest, minor, rare = (claim_sentences(claims[each], counts)[0] for each in ids)
    assert safest.startswith("In 2006/07 the number of offences was among the eight lowest")
    assert " were more than 50% of all " in minor
    assert " were less than 25% of all " in rare


def test_every_claim_says_what_it_is_about_since_it_is_also_quoted_alone():
    about = ("violence", "harm", "london", "plan", "harassment")
    for each in load_claims(PROJECT, "2008-11"):
        assert any(word in each.text.lower() for word in about), each.text
        assert not each.text.startswith(("It ", "The number fell", "The number rose"))


@pytest.mark.parametrize(
    ("of", "message"),
    [
        ({"page": "violense", "indicator": "offences"}, "violense.*Did you mean 'violence'"),
        ({"page": "violence", "indicator": "assault"}, "'assault'.*Did you mean 'assaults'"),
    ],
)
def test_a_claim_on_a_missing_finding_is_an_error_with_the_nearest_names(of, message):
    with pytest.raises(KingstonError, match=message):
        verdict_on(kind="value", of=of, period="latest", at_most=1)


# What holds of all figures

counts = st.lists(st.integers(1, 10_000), min_size=2, max_size=2, unique=True)


@pytest.mark.parametrize("is_clear", [True, False])
@given(counts)
def test_of_two_opposite_directions_one_holds_where_it_is_clear_and_the_other_never(is_clear, pair):
    right = "fell" if pair[1] < pair[0] else "rose"
    verdict = right if is_clear else "no clear change"
    years = dict(zip(["2001/02", "2002/03"], pair, strict=True))
    change = {"2002/03": 1.0}
    found = Findings(
        [
            *series(VIOLENCE, "", "count", years),
            *series(VIOLENCE, "", "rate", {year: value / 100 for year, value in years.items()}),
            *series(VIOLENCE, "", "change", change, verdict=verdict),
        ]
    )
    verdicts = {}
    for went in ("fell", "rose"):
        test = of_test("direction", VIOLENCE, periods=list(years), went=went)
        content = {"id": "one", "voice": "ours", "text": "A sentence.", "test": test}
        verdicts[went] = judge_claim(TypeAdapter(Claim).validate_python(content), found).verdict
    wrong = {"fell": "rose", "rose": "fell"}[right]
    held = "holds" if is_clear else "cannot be tested"
    assert verdicts == {right: held, wrong: "does not hold"}


@given(st.integers(1, 32), st.integers(1, 32))
def test_a_rank_claim_holds_for_the_rank_itself_and_for_no_other(rank, other):
    assume(rank != other)
    found = Findings(
        [
            *series(VIOLENCE, "", "rank_count", {"2001/02": rank}),
            *series(VIOLENCE, "", "rank_rate", {"2001/02": rank}),
            *series(VIOLENCE, "", "areas", {"2001/02": 32}),
            *series(VIOLENCE, "", "count", {"2001/02": 5}),
        ]
    )
    verdicts = []
    for exactly in (rank, other):
        test = of_test("rank", VIOLENCE, periods=["latest"], **{"from": "lowest"}, exactly=exactly)
        content = {"id": "one", "voice": "ours", "text": "A sentence.", "test": test}
        verdicts.append(judge_claim(TypeAdapter(Claim).validate_python(content), found).verdict)
    assert verdicts == ["holds", "does not hold"]


def test_the_plan_has_a_claim_of_every_statement_that_its_facts_name():
    ids = {each.id for each in load_claims(PROJECT, "2008-11")}
    named = {"fourth-lowest", "year-on-year", "further-fall", "mostly-minor", "among-the-safest"}
    assert named <= ids
