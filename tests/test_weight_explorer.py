"""Weights that a reader moves: the ranks in the browser are those of Python, for everybody."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from findings_fixture import published
from playwright.sync_api import Page, sync_playwright
from tables_fixture import PROJECT
from test_browser import CHROMIUM, DESKTOP, PHONE, SMALLEST, barriers, is_error, sideways

from kingston_analysis.book.directives import WeightExplorer
from kingston_analysis.book.prune_assets import ASSETS
from kingston_analysis.book.weight_data import weight_data
from kingston_analysis.book.weight_explorer import AGREED, NOTHING_RANKED, weight_explorer_html
from kingston_analysis.data.editions import load_edition
from kingston_analysis.matrix.scoring import ranking
from kingston_analysis.results import Findings

STATIC = ASSETS
HEADINGS = {
    "volume": "Volume",
    "performance": "Performance",
    "trends": "Trends",
    "seriousness": "Seriousness",
    "community-priority": "Community priority",
    "police-control-strategy": "Police control strategy",
    "generator": "Crime or fear generator",
    "pestelo": "PESTELO",
}
COMPUTED = {"volume", "performance", "trends", "seriousness"}
AREAS = (
    "Violence against the person",
    "Alcohol misuse",
    "Drug misuse",
    "Theft from the person",
    "Anti-social behaviour",
    "Crime by and against young people",
    "Domestic violence and hate crime",
    "Sexual offences",
    "Robbery",
    "Burglary",
    "Theft of and from vehicles",
    "Pedal cycle theft",
    "Shop theft",
    "Other theft",
    "Criminal damage",
    "Deliberate fires",
    "Fraud and forgery",
    "Weapons",
)
CHOICES = [step / 2 for step in range(11)]


def made(scores: dict[str, dict[str, float]], **changes: Any) -> dict[str, Any]:
    """Make a matrix of titles and their scores."""
    headings = [
        {"id": name, "title": title, "weight": 1.0, "computed": name in COMPUTED}
        for name, title in HEADINGS.items()
    ]
    topics = [
        {
            "id": title.lower().replace(" ", "-"),
            "title": title,
            "scores": given,
            "ranked": len(COMPUTED & given.keys()) >= 3,
        }
        for title, given in scores.items()
    ]
    ties = ["seriousness", "volume", "generator"]
    basis = {"first": 7, "fewest_computed": 3, "demonstrates": False, "tie_breaks": ties}
    return {**basis, "headings": headings, "topics": topics, **changes}


def matrix() -> dict[str, Any]:
    """Make a matrix like a real one: whole scores and sevenths, gaps, twins, one hardly scored."""
    chance = Random(2008)
    scores = {}
    for title in AREAS:
        given = {name: float(chance.randint(1, 5)) for name in HEADINGS}
        given["pestelo"] = 3 + 2 * chance.randint(-7, 7) / 7
        for name in chance.sample(list(HEADINGS), chance.choice([0, 0, 1, 2, 4])):
            del given[name]
        scores[title] = given
    scores["Weapons"] = scores["Robbery"]
    scores["Deliberate fires"] = {"volume": 5.0, "trends": 4.0, "pestelo": 5.0}
    return made(scores)


def expected(matrix: dict[str, Any], weights: list[float]) -> dict[str, tuple[str, str]]:
    """Give the rank and total of every area as Python finds them, in the order of the table."""
    scores = pd.DataFrame(
        [topic["scores"] for topic in matrix["topics"]],
        index=[topic["title"] for topic in matrix["topics"]],
        columns=list(HEADINGS),
    )
    given = pd.Series(weights, index=list(HEADINGS))
    ranked = [topic["title"] for topic in matrix["topics"] if topic["ranked"]]
    found = ranking(scores, given, matrix["tie_breaks"], ranked).reset_index(names="t")
    return {
        row.t: (
            "not ranked" if pd.isna(row.rank) else f"{row.rank:.0f}",
            "none" if pd.isna(row.lowest) else ends(row.lowest, row.highest),
        )
        for row in found.sort_values(["rank", "t"]).itertuples(index=False, name="Row")
    }


def ends(low: float, high: float) -> str:
    """Write a total with its empty cells at either end: 12.5 to 62.5, or one number."""
    return " to ".join(dict.fromkeys(f"{round(end, 9):.1f}" for end in (low, high)))


def shown_in(text: str) -> dict[str, tuple[str, str]]:
    """Read the rank and total of every area from the markup, in the order of the table."""
    row = (
        r'<td role="cell" class="kb-number">([^<]*)</td>\s*<th[^>]*>([^<]*)</th>\s*<td[^>]*>([^<]*)'
    )
    return {title: (rank, total) for rank, title, total in re.findall(row, text)}


def data_in(text: str) -> dict[str, Any]:
    [found] = re.findall(r'<script type="application/json">(.*?)</script>', text, re.DOTALL)
    return json.loads(found)


def test_the_table_shows_the_ranking_by_the_agreed_weights():
    found = matrix()
    shown = shown_in(weight_explorer_html(found))
    assert list(shown.items()) == list(expected(found, [1.0] * len(HEADINGS)).items())
    # (4 + 3 + 4)/32, and with 4 for each of five empty cells (11 + 20)/32.
    assert shown["Deliberate fires"] == ("not ranked", "34.4 to 96.9")


def test_agreed_weights_count():
    scores = {
        "Ashby": dict.fromkeys(HEADINGS, 2) | {"volume": 5},
        "Colne": dict.fromkeys(HEADINGS, 3),
    }
    found = made(scores)
    found["headings"][0]["weight"] = 2.5
    # Ashby: (2.5 * 4 + 7 * 1) / 4 / 9.5; Colne: 2 / 4.
    assert shown_in(weight_explorer_html(found)) == {"Colne": ("1", "50.0"), "Ashby": ("2", "44.7")}
    assert 'value="2.5"' in weight_explorer_html(found)


def test_equal_areas_share_the_better_rank_and_stand_by_the_alphabet():
    same = dict.fromkeys(HEADINGS, 3)
    scores = {"Zinc": same, "Copper": same, "Iron": same | {"volume": 1}}
    # As high in total as Zinc and Copper, but higher under the first tie-break.
    scores["Silver"] = same | {"seriousness": 4, "trends": 2}
    shown = shown_in(weight_explorer_html(made(scores)))
    assert [(title, rank) for title, (rank, _) in shown.items()] == [
        ("Silver", "1"), ("Copper", "2"), ("Zinc", "2"), ("Iron", "4"),
    ]  # fmt: skip


def test_areas_without_enough_figures_stand_last_without_a_rank_with_both_ends_of_their_total():
    few = dict.fromkeys(["volume", "trends", *list(HEADINGS)[4:]], 5)
    shown = shown_in(
        weight_explorer_html(made({"Ashby": few, "Zinc": dict.fromkeys(HEADINGS, 1), "B": {}}))
    )
    # Ashby: six of eight headings at 5, the others at 1 or 5.
    assert list(shown.items()) == [
        ("Zinc", ("1", "0.0")),
        ("Ashby", ("not ranked", "75.0 to 100.0")),
        ("B", ("not ranked", "0.0 to 100.0")),
    ]  # fmt: skip


def test_the_rule_stands_below_the_table():
    text = " ".join(weight_explorer_html(matrix()).split())
    assert (
        "An area is ranked if it has figures under at least three of the computed headings "
        "(Volume, Performance, Trends and Seriousness). The others stand last. Where a "
        "cell is empty, two totals are given: the lower counts the cell as 1, the higher as 5. "
        "Areas are ranked by the lower total, so that a missing figure never helps."
    ) in text
    assert "demonstration" not in text


def test_ranks_and_totals_that_rest_on_demonstration_values_are_marked():
    text = weight_explorer_html(matrix() | {"demonstrates": True})
    for rank, total in shown_in(text).values():
        assert total.endswith(" [d]")
        assert rank == "not ranked" or rank.endswith(" [d]")
    assert "the agreed weights</span> [d]</caption>" in text
    assert "[d]: rests partly on a demonstration value: a judgement of this book" in text
    assert data_in(text)["words"]["rests"] == " The ranks rest partly on demonstration values."


def test_weights_of_nothing_but_zero_rank_nothing_and_say_so():
    found = matrix()
    for heading in found["headings"]:
        heading["weight"] = 0
    text = weight_explorer_html(found)
    assert {rank for rank, _ in shown_in(text).values()} == {"not ranked"}
    assert NOTHING_RANKED in text


def test_titles_can_neither_end_the_data_nor_become_markup():
    title = "</script><script>alert('&')</script><!-- \u2028"
    text = weight_explorer_html(made({title: dict.fromkeys(HEADINGS, 3)}))
    assert text.count("<script") == text.count("</script") == 1
    assert "<!--" not in text
    assert data_in(text)["topics"][0]["title"] == title
    assert "&lt;/script&gt;" in text


@pytest.mark.parametrize(
    ("first", "words"),
    [(1, "first place"), (7, "first seven"), (10, "first ten"), (12, "first 12")],
)
def test_the_number_of_places_is_given_in_words_up_to_ten(first: int, words: str):
    text = weight_explorer_html(matrix() | {"first": first})
    assert f"In the {words}</th>" in text


def test_areas_that_share_the_last_of_the_first_places_are_all_in():
    same = dict.fromkeys(HEADINGS, 3)
    text = weight_explorer_html(
        made({"Copper": same, "Zinc": same, "Iron": same | {"volume": 1}}, first=1)
    )
    assert (text.count(">yes<"), text.count(">no<")) == (2, 1)


def test_a_slider_reaches_an_agreed_weight_beyond_its_usual_end():
    found = matrix()
    found["headings"][0]["weight"] = 7.5
    assert 'max="8"' in weight_explorer_html(found)


@pytest.mark.parametrize("what", ["", "PESTELO, judged (demonstration value)"])
def test_what_is_weighed_is_what_the_matrix_page_found(what: str):
    edition = load_edition(PROJECT, 2008)
    found = []
    for topic in edition.topics:
        for name in HEADINGS:
            about = what if name == "pestelo" else ""
            found.append(published("matrix", f"{topic}.{name}", "2006/07", 3, what=about))
        found.append(published("matrix", f"{topic}.rank", "2006/07", None, missing="Too little."))
    found[0] = published("matrix", found[0].name, "2006/07", None, missing="Not held.")
    found[8] = published("matrix", found[8].name, "2006/07", 1)
    made = weight_data(PROJECT, edition, Findings(found))
    assert made is not None
    assert [each["id"] for each in made["headings"] if each["computed"]] == list(HEADINGS)[:4]
    assert (made["first"], made["fewest_computed"]) == (7, 3)
    assert made["demonstrates"] == bool(what)
    first, *others = made["topics"]
    assert (first["id"], first["ranked"]) == (edition.topics[0], True)
    assert first["scores"] == dict.fromkeys(list(HEADINGS)[1:], 3)
    assert not any(each["ranked"] for each in others)
    assert weight_data(PROJECT, edition, Findings([])) is None


def test_the_directive_shows_the_matrix_or_says_that_none_is_kept():
    class WithFacts(WeightExplorer):
        context = SimpleNamespace(matrix=None)

        def __init__(self) -> None:
            pass

    [none] = WithFacts().run()
    assert none.astext() == "No matrix is kept for this edition."
    assert none["classes"] == ["kb-missing"]
    WithFacts.context = SimpleNamespace(matrix=matrix())
    [raw] = WithFacts().run()
    assert raw.astext() == weight_explorer_html(matrix())


# From here on, the page in a real browser.

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no chromium was found on the path")

PAGE = """<!DOCTYPE html>
<html lang="en-GB" data-theme="{theme}"><head><meta charset="utf-8"><title>Weights</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<style>* {{ box-sizing: border-box }} body {{ margin: 0; font: 17px/1.5 sans-serif }}
html[data-theme="dark"] {{ --pst-color-text-base: #ced6dd; --pst-color-text-muted: #9ca4af;
    --pst-color-background: #14181e }}
html[data-theme="dark"] body {{ background: #14181e; color: #ced6dd }}
main {{ padding: 1rem; max-width: 48rem }}</style>
<link rel="stylesheet" href="{static}/kingston.css">
<link rel="stylesheet" href="{static}/weighing.css">
<script src="{static}/weighing.js"></script></head>
<body><main class="bd-article"><h1>Weights</h1>
{part}
</main></body></html>
"""


def apart(test: Callable[..., None]) -> Callable[..., None]:
    """Run a test in a thread of its own: a thread has one Playwright, and another may be open."""

    @wraps(test)
    def run(*args: Any, **values: Any) -> None:
        with ThreadPoolExecutor(1) as thread:
            thread.submit(test, *args, **values).result()

    return needs_chromium(run)


@contextmanager
def opened(
    folder: Path, found: dict[str, Any], theme: str = "light", **options: Any
) -> Iterator[tuple[Page, list[str]]]:
    """Open a page with nothing but the part; give it with the list of what went wrong."""
    file, faults = folder / "page.html", []
    text = PAGE.format(theme=theme, static=STATIC.as_uri(), part=weight_explorer_html(found))
    file.write_text(text, encoding="utf-8")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        page = browser.new_page(**options)
        page.on("console", lambda it: is_error(it) and faults.append(f"console: {it.text}"))
        page.on("pageerror", lambda error: faults.append(f"script: {error}"))
        page.goto(file.as_uri())
        yield page, faults
        browser.close()


def read(page: Page) -> list[list[str]]:
    """Read the rows of the table, cell by cell."""
    return page.evaluate(
        """() => [...document.querySelectorAll("tbody tr")].map(
            (row) => [...row.cells].map((cell) => cell.textContent.trim()))"""
    )


def shown_on(page: Page) -> list[tuple[str, tuple[str, str]]]:
    return [(title, (rank, total)) for rank, title, total, *_ in read(page)]


def set_weights(page: Page, weights: list[float]) -> None:
    for slider, weight in zip(page.get_by_role("slider").all(), weights, strict=True):
        slider.fill(f"{weight:g}")


def set_at_once(page: Page, weights: list[float]) -> None:
    """Set all weights as `set_weights` does, in one call, for there are many."""
    count = page.evaluate(
        """(weights) => {
            const sliders = [...document.querySelectorAll("input[type=range]")];
            sliders.forEach((slider, at) => {
                slider.value = weights[at];
                slider.dispatchEvent(new Event("input", { bubbles: true }));
            });
            return sliders.length;
        }""",
        weights,
    )
    assert count == len(weights)


def wait_for_news(page: Page, text: str) -> None:
    page.get_by_role("status").filter(has_text=text).wait_for(timeout=3000)


def weightings() -> list[list[float]]:
    """Draw 30 weightings by chance; add those of one heading, which make ties, and of none."""
    chance = Random(7)
    drawn = [[chance.choice(CHOICES) for _ in HEADINGS] for _ in range(30)]
    alone = [[0.5 * (at == only) for at in range(len(HEADINGS))] for only in range(len(HEADINGS))]
    return [*drawn, *alone, [0.0] * len(HEADINGS), [5.0] * len(HEADINGS)]


@apart
def test_the_browser_ranks_as_python_does_by_any_weights(tmp_path: Path) -> None:
    found = matrix()
    agreed = expected(found, [1.0] * len(HEADINGS))
    with opened(tmp_path, found) as (page, faults):
        for weights in weightings():
            set_at_once(page, weights)
            shown = read(page)
            right = expected(found, weights)
            assert [(each[1], (each[0], each[2])) for each in shown] == list(right.items()), weights
            for rank, title, _, _, within, move in shown:
                assert within == ("yes" if rank.isdigit() and int(rank) <= 7 else "no")
                assert move == moved(agreed[title][0], rank), (title, weights)
    assert faults == []


def moved(before: str, now: str) -> str:
    """Say where a rank moved."""
    if "not ranked" in (before, now):
        return "not ranked" if before == now else "no longer ranked"
    up = int(before) - int(now)
    return f"up {up}" if up > 0 else f"down {-up}" if up < 0 else "same"


@apart
def test_the_browser_marks_demonstration_values_as_the_page_does(tmp_path: Path) -> None:
    found = matrix() | {"demonstrates": True}
    with opened(tmp_path, found) as (page, faults):
        before = read(page)
        set_weights(page, [5, *[0] * 7])
        wait_for_news(page, "The ranks rest partly on demonstration values.")
        for rank, _, total, *_ in read(page):
            assert total.endswith(" [d]")
            assert rank == "not ranked" or rank.endswith(" [d]")
        page.get_by_role("button").click()
        assert read(page) == before
    assert faults == []


@apart
def test_the_keyboard_moves_weights_and_goes_back_to_those_agreed(tmp_path: Path) -> None:
    found = matrix()
    agreed = list(expected(found, [1.0] * len(HEADINGS)).items())
    with opened(tmp_path, found) as (page, faults):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.labels[0].textContent") == "Volume"
        for _ in range(8):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowLeft")
        weights = [5.0, 0.5, *[1.0] * 6]
        assert page.locator(".kb-weight").all_inner_texts()[:3] == ["5", "0.5", "1"]
        assert shown_on(page) == list(expected(found, weights).items()) != agreed
        assert "your weights" in page.locator("caption").inner_text()
        for _ in range(len(HEADINGS) - 1):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert shown_on(page) == agreed
        assert {row[-1] for row in read(page)} == {"same", "not ranked"}
        assert [each.input_value() for each in page.get_by_role("slider").all()] == ["1"] * 8
        wait_for_news(page, AGREED)
    assert faults == []


@apart
def test_a_sentence_says_who_came_into_the_first_places_and_who_went_out(tmp_path: Path) -> None:
    low, high = dict.fromkeys(HEADINGS, 1), dict.fromkeys(HEADINGS, 4)
    found = made({"Ashby": high, "Burnham": low | {"volume": 5}, "Colne": low}, first=1)
    with opened(tmp_path, found) as (page, faults):
        assert page.get_by_role("status").inner_text() == ""
        set_weights(page, [5, *[0] * 7])
        wait_for_news(page, "agreed weights, now in the first place: Burnham; no longer: Ashby.")
        set_weights(page, [1, *[0.5] * 7])
        wait_for_news(page, "The same areas are in the first place as by the agreed weights.")
        set_weights(page, [0] * 8)
        wait_for_news(page, NOTHING_RANKED)
    assert faults == []


@apart
def test_agreed_weights_between_the_steps_of_a_slider_are_kept(tmp_path: Path) -> None:
    found = matrix()
    found["headings"][0]["weight"] = 1.25
    with opened(tmp_path, found) as (page, faults):
        set_weights(page, [2, *[1] * 7])
        page.get_by_role("button").click()
        assert shown_on(page) == list(expected(found, [1.25, *[1] * 7]).items())
        assert page.locator(".kb-weight").first.inner_text() == "1.25"
    assert faults == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@apart
def test_nobody_meets_a_barrier_and_nothing_scrolls_sideways(tmp_path: Path, theme: str) -> None:
    with opened(tmp_path, matrix(), theme) as (page, faults):
        for size in (DESKTOP, PHONE, SMALLEST):
            page.set_viewport_size(size)
            set_weights(page, [5, *[0] * 7])
            wait_for_news(page, "Compared with the agreed weights")
            faults += sideways(page) + barriers(page)
            heights = [each.bounding_box()["height"] for each in page.get_by_role("slider").all()]
            assert min(heights) >= 24
            # A page too narrow for columns shows cards, which are rows of a table all the same.
            assert page.get_by_role("table").get_by_role("rowheader").count() == len(AREAS)
            assert page.get_by_role("columnheader").count() == 6
    assert faults == [], "\n".join(faults)


@apart
def test_without_a_script_the_table_stands_and_the_sliders_do_not(tmp_path: Path) -> None:
    found = matrix()
    with opened(tmp_path, found, java_script_enabled=False, viewport=PHONE) as (page, faults):
        assert page.locator("table").is_visible()
        assert page.locator("tbody tr").first.is_visible()
        assert page.get_by_role("columnheader").count() == 5
        assert page.get_by_role("slider").count() == page.get_by_role("button").count() == 0
        assert not page.locator(".kb-weights").is_visible()
    assert faults == []
