"""Words for numbers, and the sentences that are made of them."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables_fixture import PROJECT, made_indicator, made_people, made_table, real_series

from kingston_analysis.data.topics import load_topics
from kingston_analysis.measures.change import NOT_A_YEAR, Usual, Verdict, compare
from kingston_analysis.measures.indicators import make_series
from kingston_analysis.measures.series import Series
from kingston_analysis.measures.trend import LevelShift, LogLinearTrend, Running
from kingston_analysis.measures.variation import Variation
from kingston_analysis.results import Estimate, Gap
from kingston_analysis.show import sentences, wording


@pytest.mark.parametrize(
    ("items", "words"),
    [
        (["age"], "age"),
        (["age", "sex", "ward"], "age, sex and ward"),
        (["theft of and from vehicles", "arson"], "theft of and from vehicles; and arson"),
        (["1,204", "arson", "fraud (1st, 2nd)"], "1,204; arson; and fraud (1st, 2nd)"),
    ],
)
def test_semicolons_part_what_holds_a_comma_or_an_and_of_its_own(items, words):
    assert wording.listed(items) == words


def test_how_far_counts_vary_is_said_beside_pure_chance():
    assert wording.varying(1) == "varying as pure chance does"
    assert wording.varying(2.0) == "varying 2 times as much as pure chance"


@pytest.mark.parametrize(
    ("lowest", "words"),
    [
        (1, "lowest"),
        (2, "second lowest"),
        (4, "fourth lowest"),
        (9, "ninth lowest"),
        (10, "10th lowest"),
        (13, "13th lowest"),
        (16, "16th lowest"),
        (17, "16th highest"),
        (21, "12th highest"),
        (23, "10th highest"),
        (29, "fourth highest"),
        (31, "second highest"),
        (32, "highest"),
        (4.0, "fourth lowest"),
    ],
)
def test_a_rank_among_thirty_two_is_counted_from_the_nearer_end(lowest, words):
    assert wording.rank(lowest, 33 - lowest) == words


def test_the_one_in_the_middle_is_counted_from_the_lowest():
    assert wording.rank(2, 2) == "second lowest"


def test_those_who_share_a_place_are_counted_by_the_better_rank_of_either_end():
    # Of 10 20 20 30 30 30 40: the twenties have 1 below and 4 above, the thirties 3 and 1.
    assert wording.rank(1 + 1, 4 + 1) == "second lowest"
    assert wording.rank(3 + 1, 1 + 1) == "second highest"


@given(st.lists(st.integers(0, 9), min_size=1, max_size=32), st.data())
def test_a_rank_names_the_end_to_which_fewer_stand_nearer(values, data):
    own = data.draw(st.sampled_from(values))
    lower, higher = (sum(v < own for v in values), sum(v > own for v in values))
    words = wording.rank(lower + 1, higher + 1)
    assert words.endswith("lowest" if lower <= higher else "highest")
    assert (words in ("lowest", "highest")) == (min(lower, higher) == 0)


@pytest.mark.parametrize("hundred", [0, 100, 1000])
def test_eleventh_to_thirteenth_end_in_th_in_every_hundred(hundred):
    assert [wording.ordinal(hundred + n)[-2:] for n in (11, 12, 13, 21, 22, 23)] == [
        *("th", "th", "th"),
        *("st", "nd", "rd"),
    ]


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (13105, "", "13,105"),
        (13105.0, "offences", "13,105"),
        (85.2818, "", "85.3"),
        (1234.56, "", "1,234.6"),
        (0, "", "0"),
        (3.0, "offences per 1,000 residents", "3.0"),
    ],
)
def test_a_number_is_whole_or_to_one_decimal_place(value, unit, text):
    assert wording.number(value, unit) == text


@given(st.integers(0, 10**12))
def test_a_whole_number_reads_back(value):
    text = wording.number(value)
    assert int(text.replace(",", "")) == value
    assert all(len(group) == 3 for group in text.split(",")[1:])


@pytest.mark.parametrize(
    ("ratio", "text"),
    [(0.927, "−7.3%"), (1.125, "+12.5%"), (0.851, "−14.9%"), (2, "+100.0%"), (21, "+2,000.0%")],
)
def test_a_ratio_is_a_signed_percentage_with_a_real_minus(ratio, text):
    assert wording.percent(ratio) == text


@pytest.mark.parametrize("ratio", [1, 0.99996, 1.00004])
def test_a_change_that_rounds_to_nothing_has_no_sign(ratio):
    assert wording.percent(ratio) == "0.0%"


@given(st.floats(0.001, 100))
def test_a_percentage_never_has_a_hyphen_for_a_minus(ratio):
    assert "-" not in wording.percent(ratio)


@pytest.mark.parametrize(("number", "text"), [(1, "one"), (7, "seven"), (10, "ten"), (11, "11")])
def test_a_number_up_to_ten_is_a_word(number, text):
    assert wording.number_in_words(number) == text


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("murders", "murder"),
        ("burglaries in a dwelling", "burglary in a dwelling"),
        ("theft from the person offences", "theft from the person offence"),
        ("thefts of and from vehicles", "theft of and from vehicles"),
        ("racist and religious hate crimes", "racist and religious hate crime"),
        ("weapon injuries attended by ambulance", "weapon injury attended by ambulance"),
        ("alcohol-related ambulance call-outs", "alcohol-related ambulance call-out"),
        ("knife injury victims aged 1 to 24", "knife injury victim aged 1 to 24"),
    ],
)
def test_what_is_counted_agrees_with_its_number(many, one):
    assert [wording.counted(n, many) for n in (0, 1, 1200)] == [
        f"0 {many}",
        f"1 {one}",
        f"1,200 {many}",
    ]


def test_all_that_topics_count_can_be_said_of_one():
    for topic in load_topics(PROJECT).values():
        for each in topic.indicators:
            assert wording.counted(1, each.counted) != f"1 {each.counted}"


def test_one_alone_was_recorded():
    one = [("Ashby", "2006/07", 1.0)]
    assert sentences.level(series(one)).startswith("1 burglary was recorded in Ashby in 2006/07")


def test_a_share_has_one_decimal_place():
    assert wording.share(4_079 / 13_105) == "31.1%"


NOT_KNOWN = (
    "more than chance explains. Whether it is more than this usually moves in a year is not known. "
    "Too few earlier changes are known to tell what is usual."
)


@pytest.mark.parametrize(
    ("verdict", "ratio", "words"),
    [
        ("fell", Estimate(0.927), "fell by 7.3%"),
        ("rose", Estimate(1.125), "rose by 12.5%"),
        ("no clear change", Estimate(0.99), "showed no clear change"),
        ("cannot be compared", Gap("Counted anew."), "cannot be compared"),
        # Nothing was judged, or the verdict forbids the percentage that is there.
        (None, Gap("Counted anew."), "cannot be compared"),
        ("cannot be compared", Estimate(0.927), "cannot be compared"),
    ],
)
def test_a_change_in_words(verdict, ratio, words):
    assert wording.change_in_words(verdict, ratio) == words


def test_an_interval_in_words_runs_from_low_to_high():
    assert wording.interval_in_words(Estimate(0.9, 0.882, 0.974)) == "95% interval −11.8% to −2.6%"


def test_an_interval_is_named_by_its_level():
    wide = Estimate(0.9, 0.882, 0.974, level=0.99)
    assert wording.interval_in_words(wide) == "99% interval −11.8% to −2.6%"
    assert [wording.interval_name(n) for n in (0.95, 0.9, 0.995)] == [
        *("95% interval", "90% interval", "99.5% interval"),
    ]


def test_a_sentence_starts_large_and_leaves_abbreviations():
    assert wording.sentence_start("offences") == "Offences"
    assert wording.sentence_start("drugs and MPS flags") == "Drugs and MPS flags"


def series(rows, area="Ashby", breaks=None, rate=True, **indicator):
    table = made_table(["area", "financial_year", "value"], rows, breaks=breaks)
    people = {2005: 40_000, 2006: 40_000}
    people_table = made_people({"Ashby": people, "Burnham": people, "Colne": people})
    boroughs = ["Ashby", "Burnham", "Colne"]
    chosen = made_indicator(rate=rate).model_copy(update=indicator)
    return make_series(chosen, area, table, people_table, boroughs)


def changed(given: Series) -> str:
    """Say how a series changed, on a page that compares nothing else."""
    return sentences.changed(given, given.change())


ROWS = [
    ("Ashby", "2005/06", 4000.0),
    ("Ashby", "2006/07", 1000.0),
    ("Burnham", "2006/07", 900.0),
    ("Colne", "2006/07", 5000.0),
]


def test_the_level_is_a_count_a_rate_and_a_rank_by_each():
    assert sentences.level(series(ROWS)) == (
        "1,000 burglaries were recorded in Ashby in 2006/07, 25.0 for every 1,000 residents. "
        "That is the second lowest count and the second lowest rate among 3 London boroughs."
    )


def test_a_level_in_the_upper_half_is_counted_from_the_highest():
    text = sentences.level(series(ROWS, area="Colne"))
    assert text.endswith("That is the highest count and the highest rate among 3 London boroughs.")


def test_boroughs_with_the_same_count_share_their_place_from_either_end():
    rows = [("Ashby", "2006/07", 50.0), ("Burnham", "2006/07", 50.0), ("Colne", "2006/07", 40.0)]
    # Ashby and Burnham: one below, so second from the lowest; none above, so highest, both.
    for area in ("Ashby", "Burnham"):
        text = sentences.level(series(rows, area))
        assert "the joint highest count and the joint highest rate" in text
    assert "the lowest count and the lowest rate" in sentences.level(series(rows, "Colne"))


def test_the_level_of_an_indicator_without_a_rate_gives_none():
    text = sentences.level(series(ROWS, rate=False))
    assert text.startswith("1,000 burglaries were recorded in Ashby in 2006/07. That is the ")
    assert "residents" not in text
    assert "rate" not in text


def test_a_fall_is_said_with_both_counts_and_an_interval():
    text = changed(series(ROWS))
    assert text.startswith("Burglaries fell by 75.0%, from 4,000 in 2005/06 to 1,000 in 2006/07")
    assert "(99.5% interval −" in text
    assert "more than chance explains" in text


def test_no_clear_change_says_what_would_have_been_noticed():
    # A logged fall d = (2.807034 + 0.841621) √(2 (1 + e^d)/400) is 0.4082; 1 - e^-0.4082 = 0.3352
    text = changed(series([("Ashby", "2005/06", 400.0), ("Ashby", "2006/07", 398.0)]))
    assert "no clear change" in text
    assert "can be chance" in text
    assert text.endswith("A true fall of about 34% would have stood out in 80 of 100 cases.")


def test_of_a_small_rise_it_is_said_how_large_a_rise_would_have_stood_out():
    # A logged rise r = 3.648655 √(2 (1 + e^-r)/400) is 0.3377; e^0.3377 - 1 = 0.4017
    text = changed(series([("Ashby", "2005/06", 400.0), ("Ashby", "2006/07", 402.0)]))
    assert text.endswith("A true rise of about 40% would have stood out in 80 of 100 cases.")
    assert "fall" not in text


def test_counts_too_small_to_show_a_fall_are_said_to_be_too_small():
    # A fall of 60%, up to which it is told, is -ln 0.4 = 0.916 and would have to be
    # (2.81 + 0.84) √(2 (1 + 1/0.4)/9) = 3.219.
    text = changed(series([("Ashby", "2005/06", 9.0), ("Ashby", "2006/07", 8.0)]))
    assert text.endswith("The counts are too small for any but a very large change to stand out.")
    assert "Only a fall" not in text


@pytest.mark.parametrize(
    ("polarity", "note"),
    [
        ("lower is better", ""),
        ("more reporting is better", " Reporting may have changed, not only how much happens."),
        (
            "neither",
            " This count follows what is reported and looked for, not only how much happens.",
        ),
    ],
)
def test_a_rise_or_fall_says_what_else_it_may_mean(polarity, note):
    text = changed(series(ROWS[:2], polarity=polarity))
    assert text.endswith(f"{NOT_KNOWN}{note}")


@pytest.mark.parametrize("polarity", ["more reporting is better", "neither"])
def test_where_nothing_clear_happened_nothing_else_is_said_to_be_meant(polarity):
    rows = [("Ashby", "2005/06", 400.0), ("Ashby", "2006/07", 398.0)]
    text = changed(series(rows, polarity=polarity))
    assert text.endswith("would have stood out in 80 of 100 cases.")


def test_the_boroughs_together_stand_beside_the_change():
    before = [("Ashby", "2005/06", 400.0), ("Burnham", "2005/06", 100.0)]
    after = [("Ashby", "2006/07", 398.0), ("Burnham", "2006/07", 52.0)]
    # 400 + 100 = 500 and 398 + 52 = 450, which is a tenth less.
    assert changed(series(before + after)).endswith(
        "In the 2 London boroughs together the total went from 500 to 450 (−10.0%)."
    )


def test_boroughs_that_are_not_all_known_in_both_years_are_not_added_up():
    # Burnham and Colne have no figure of 2005/06.
    assert "together" not in changed(series(ROWS))


def test_a_refused_comparison_gives_both_counts_and_the_reason_and_no_percentage():
    breaks = [{"at": "2006/07", "what": "Counted anew.", "touches": "all", "effect": "refuse"}]
    text = changed(series(ROWS, breaks=breaks))
    assert "4,000 in 2005/06 and 1,000 in 2006/07 cannot be compared. Counted anew." in text
    assert "%" not in text


def test_a_labelled_break_is_told_beside_the_change():
    breaks = [{"at": "2006/07", "what": "Renamed.", "touches": "all", "effect": "label"}]
    text = changed(series(ROWS, breaks=breaks))
    assert "fell by 75.0%" in text
    assert text.endswith("Renamed.")


def test_a_base_year_is_named_with_its_count():
    given = series([("Ashby", "2003/04", 4000.0), *ROWS[1:]])
    text = sentences.changed(given, given.change(base="2003/04"), "2003/04")
    assert text.startswith("Burglaries fell by 75.0%, from 4,000 in 2003/04 to 1,000 in 2006/07")


def test_without_a_year_before_no_change_is_said():
    text = changed(series([("Ashby", "2006/07", 400.0)]))
    assert text == "Burglaries: there is no figure for 2005/06, so no change can be given."


def test_the_headline_of_the_first_edition_stands_on_the_published_figures():
    violence = real_series("violence-against-the-person")
    change_2006 = violence.change("2006/07")
    assert change_2006.ratio.value == pytest.approx(3_003 / 3_240)
    assert wording.percent(change_2006.ratio.value) == "−7.3%"


@pytest.mark.parametrize(
    ("rows", "heading"),
    [
        (ROWS, "Burglary fell by 75.0% in 2006/07, more than chance explains"),
        (
            [("Ashby", "2005/06", 400.0), ("Ashby", "2006/07", 398.0)],
            "Burglary showed no clear change in 2006/07",
        ),
        (ROWS[1:], "Burglary: 1,000 in 2006/07, with no figure for the year before"),
        (
            [("Ashby", "2005/06", 0.0), ("Ashby", "2006/07", 398.0)],
            "Burglary: 398 in 2006/07, not comparable with the year before",
        ),
    ],
)
def test_a_heading_says_what_happened(rows, heading):
    given = series(rows)
    assert sentences.change_heading(given, given.change()) == heading


def told(usual: Usual | Gap, after: float = 1_000.0, caution: str | None = None) -> str:
    """Say a change of 4,000 whose usual moves are these."""
    found = compare(4_000, after, Variation(1.0, math.inf, "months"), usual=usual)
    return sentences.comparison_in_words(
        replace(found, caution=caution), "Burglaries", (4_000.0, after), " before", " now"
    )


FELL = "Burglaries fell by 75.0%, from 4,000 before to 1,000 now (99.5% interval −"


# What two statements say together: the level is another; it moved more than it usually does.
@pytest.mark.parametrize(
    ("usual", "end"),
    [
        (NOT_A_YEAR, "more than chance explains."),
        (Gap("One year is held."), "in a year is not known. One year is held."),
        (
            Usual(0.4, 2.5, False, 1, 32),
            "no more than this usually moves in a year (−60.0% to +150.0% in about 95 of 100 "
            "years).",
        ),
        (
            Usual(0.2, 5.0, False, 1, 32),
            "It is not unusual: this moves so much that three times as many would not be.",
        ),
        (
            Usual(0.3, 3.3, True, 1, 32),
            "It is unusual, too, for all that this moves a great deal from year to year.",
        ),
        (
            Usual(0.8, 1.25, True, 1, 32),
            "It is unusual, too: in about 95 of 100 years this moves by −20.0% to +25.0%.",
        ),
        # 7 of 32 are more than a fifth.
        (
            Usual(0.8, 1.25, True, 7, 32),
            "It moved unusually in 7 of 32 boroughs that year, so the change is London's as well "
            "as this borough's.",
        ),
    ],
)
def test_a_clear_change_is_said_to_be_usual_or_not(usual, end):
    text = told(usual)
    assert text.startswith(FELL)
    assert "more than chance explains." in text
    assert text.endswith(end)


def test_a_fifth_of_the_boroughs_is_not_yet_london():
    assert "London" not in told(Usual(0.8, 1.25, True, 2, 10))
    assert "London" in told(Usual(0.8, 1.25, True, 3, 10))
    # What is usual here is not told of the others.
    assert "boroughs" not in told(Usual(0.2, 5.0, False, 32, 32))


def test_of_no_clear_change_nothing_is_said_to_be_usual():
    assert "usual" not in told(Usual(0.8, 1.25, True, 1, 32), after=3_990.0)


def test_a_break_is_noted_after_what_is_usual():
    text = told(Usual(0.8, 1.25, True, 1, 32), caution="Renamed.")
    assert text.endswith("−20.0% to +25.0%. Note a break in the series: Renamed.")


@pytest.mark.parametrize(
    ("unusual", "end"), [(True, "an unusual change"), (False, "more than chance explains")]
)
def test_a_heading_says_whether_a_change_is_unusual(unusual, end):
    found = compare(
        *(4_000, 1_000, Variation(1.0, math.inf, "months")),
        usual=Usual(0.8, 1.25, unusual, 1, 32),
    )
    said = sentences.change_heading(series(ROWS), found)
    assert said == f"Burglary fell by 75.0% in 2006/07, {end}"


def over_the_years(
    running: Running | None, trend: LogLinearTrend | Gap, latest: Verdict = "fell"
) -> str:
    found = SimpleNamespace(indicator=made_indicator(), running=running, trend=trend)
    found.change = lambda: SimpleNamespace(verdict=latest)
    return sentences.over_years(found)


LEVELS = (
    " A trend has a 95% interval where a change has a 99.5% interval: it already allows for how "
    "far the count usually moves in a year, so that it is seldom called by mistake."
)
RUNNING = Running("fell", 4, "2004/05", "2008/09", 3_520.0, 2_191.0)
SLOPE = LogLinearTrend("2004/05", "2008/09", Estimate(0.89, 0.85, 0.93), -5.0, "fell", None)
UNSURE = LogLinearTrend(
    "2004/05", "2008/09", Estimate(0.89, 0.75, 1.05), -1.5, "no clear trend", None
)


def test_what_went_on_over_the_years_is_said_in_counts_and_by_the_year():
    said = (
        "Burglaries fell four years running, from 3,520 in 2004/05 to 2,191 in 2008/09. From "
        "2004/05 to 2008/09 they fell by 11.0% a year on average (95% interval −15.0% to −7.0%)."
    )
    assert over_the_years(RUNNING, SLOPE) == said + LEVELS


def test_years_running_that_are_no_clear_trend_are_said_not_to_be_one():
    assert over_the_years(RUNNING, UNSURE).endswith(
        "they moved by −11.0% a year on average (95% interval −25.0% to +5.0%): no more than this "
        "usually moves in a year." + LEVELS
    )
    assert over_the_years(None, UNSURE) == ""


def test_without_a_trend_years_running_stand_alone():
    assert over_the_years(RUNNING, Gap("One borough is held.")).endswith("2,191 in 2008/09.")
    assert over_the_years(None, Gap("One borough is held.")) == ""


def test_a_step_is_said_with_both_its_counts():
    stepped = replace(UNSURE, step=LevelShift("2007/08", 3_003.0, 2_575.0))
    assert over_the_years(None, stepped) == (
        "Since 2004/05 one step stands out: from 3,003 to 2,575 in 2007/08."
    )


def test_of_years_running_the_last_is_not_called_clear_where_it_is_not():
    text = over_the_years(RUNNING, Gap("One borough is held."), latest="no clear change")
    assert text.endswith("to 2,191 in 2008/09, though the last fall alone can be chance.")
