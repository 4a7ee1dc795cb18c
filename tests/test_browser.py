"""The site in a real browser: nothing from elsewhere, no error, no scroll, no barrier."""

from __future__ import annotations

import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from system_project import AREA, BOOK, Copy, wait_until

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium was found on the path")

DESKTOP, PHONE, SMALLEST = (
    {"width": 1280, "height": 900},
    {"width": 375, "height": 812},
    {"width": 320, "height": 640},
)
WCAG_22_AA = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
# What depends on colours; all other rules find the same in dark ones.
OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}

PLAN, SMALL = f"plan/{AREA}/2008", f"small/{BOOK}"
# One of every kind of page.
KINDS = {
    "the door to the editions": "plan/index.html",
    "landing page": f"{PLAN}/index.html",
    "the plan in short": f"{PLAN}/plans/2008-11/summary.html",
    "a section of the plan": f"{PLAN}/plans/2008-11/partners.html",
    "a theme with figures": f"{PLAN}/plans/2008-11/theme-violence.html",
    "a theme without figures": f"{PLAN}/plans/2008-11/theme-anti-social-behaviour.html",
    "the priorities": f"{PLAN}/plans/2008-11/priorities.html",
    "glossary": f"{PLAN}/plans/2008-11/glossary.html",
    "overview with wards": f"{PLAN}/evidence/overview.html",
    "a topic without figures": f"{PLAN}/evidence/anti-social-behaviour.html",
    "a topic with months": f"{SMALL}/evidence/robbery.html",
    "the golden thread": f"{PLAN}/plans/2008-11/golden-thread.html",
    "claims": f"{PLAN}/plans/2008-11/claims.html",
    "what the law asks": f"{PLAN}/plans/2008-11/statutory-coverage.html",
    "progress": f"{PLAN}/evidence/progress.html",
    "what changed": f"{PLAN}/evidence/changed.html",
    "community views": f"{SMALL}/evidence/community.html",
    "community views without a survey": f"{PLAN}/evidence/community.html",
    "the scoring matrix": f"{PLAN}/evidence/matrix.html",
    "try other weights": f"{PLAN}/weighing.html",
    "methods": f"{PLAN}/evidence/methods.html",
    "sources": f"{PLAN}/evidence/sources.html",
    "about": f"{PLAN}/about/accessibility.html",
    "search": f"{PLAN}/search.html",
    "landing page without a plan": f"{SMALL}/index.html",
}
# Each with words of the sentence at its head.
RECORDED = "were recorded in Kingston upon Thames in"
WITH_CHARTS = {
    f"{PLAN}/evidence/overview.html": RECORDED,
    f"{PLAN}/evidence/violence-against-the-person.html": RECORDED,
    f"{PLAN}/evidence/matrix.html": "The judged scores are demonstration values",
    f"{SMALL}/evidence/robbery.html": RECORDED,
    f"{SMALL}/evidence/community.html": "the share of people asked who gave a favourable answer",
}
DARK_WITHOUT_SCRIPT = f"{PLAN}/evidence/overview.html"


@pytest.fixture(scope="session")
def addresses(plan_site: Copy, small_site: Copy) -> Iterator[dict[str, str]]:
    """Serve both sites with the project's own command; give their addresses."""
    found, processes = {}, []
    for name, project in (("plan", plan_site), ("small", small_site)):
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        processes.append(project.start("serve", "--port", str(port)))
        found[name] = f"http://127.0.0.1:{port}"
        assert wait_until(lambda port=port: listens(port), 20), f"{name} was not served"
    yield found
    for process in processes:
        process.kill()
        process.communicate()


def listens(port: int) -> bool:
    """Tell whether something answers at a port."""
    with closing(socket.socket()) as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the machine's own Chromium; while it runs, no other event loop can in this process."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield started
        started.close()


@contextmanager
def opened(
    browser: Browser, addresses: dict[str, str], place: str, **options: Any
) -> Iterator[tuple[Page, list[str]]]:
    """Open a page; give it with the list of what went wrong while it was read."""
    site, _, path = place.partition("/")
    context = browser.new_context(**options)
    page, faults = context.new_page(), []
    own = (addresses[site], "data:", "blob:")
    page.on("request", lambda it: it.url.startswith(own) or faults.append(f"asked for {it.url}"))
    page.on("response", lambda it: it.status < 400 or faults.append(f"{it.status}: {it.url}"))
    page.on("console", lambda it: is_error(it) and faults.append(f"console: {it.text}"))
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    try:
        page.goto(f"{addresses[site]}/{path}", wait_until="load")
        yield page, faults
    finally:
        context.close()


def is_error(message: ConsoleMessage) -> bool:
    """Tell whether the console shows an error; the icon, for which Chromium asks once, is none."""
    return message.type == "error" and not message.location["url"].endswith("/favicon.ico")


def barriers(page: Page, rules: dict[str, Any] = WCAG_22_AA) -> list[str]:
    """Return what axe-core finds against WCAG 2.2 AA, or some of its rules, with the elements."""
    options = {
        "runOnly": rules,
        "resultTypes": ["violations"],
        # Its own fetching of style sheets would stand among the requests of the page.
        "preload": False,
    }
    return [
        f"{found['id']} ({found['help']}): "
        + "; ".join(f"{node['target']} {node['html'][:160]}" for node in found["nodes"][:5])
        for found in Axe().run(page, options=options).response["violations"]
    ]


def sideways(page: Page) -> list[str]:
    """Return the elements for which the page itself would have to be scrolled sideways."""
    return page.evaluate(
        """() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            const wide = [...document.querySelectorAll("body *")].filter(
                (each) => each.getBoundingClientRect().right > width + 1);
            return [`${document.documentElement.scrollWidth} of ${width} px: ` + wide.slice(0, 5)
                .map((each) => each.outerHTML.slice(0, 120)).join(" | ")];
        }"""
    )


def turn_dark(page: Page) -> None:
    """Let the reader's machine turn to dark colours; the door has no theme, but a style sheet."""
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        """() => [undefined, "dark"].includes(document.documentElement.dataset.theme)
            && document.getAnimations().every((each) => each.playState !== "running")"""
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_reads_without_error_barrier_or_sideways_scroll(
    browser: Browser, addresses: dict[str, str], kind: str
) -> None:
    with opened(browser, addresses, KINDS[kind], color_scheme="light") as (page, faults):
        for name, size in (("desktop", DESKTOP), ("phone", PHONE)):
            page.set_viewport_size(size)
            faults += [f"{name}: {fault}" for fault in sideways(page) + barriers(page)]
        turn_dark(page)
        faults += [f"dark: {fault}" for fault in barriers(page, OF_COLOURS)]

    assert faults == [], "\n".join(faults)


@pytest.mark.parametrize("place", WITH_CHARTS)
def test_what_stands_in_disclosures_has_no_barrier_and_no_sideways_scroll_either(
    browser: Browser, addresses: dict[str, str], place: str
) -> None:
    with opened(browser, addresses, place, viewport=PHONE) as (page, faults):
        page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
        faults += sideways(page)
        faults += barriers(page)

    assert faults == [], "\n".join(faults)


@pytest.mark.parametrize(
    ("scheme", "dark"), [("light", False), ("dark", True)], ids=["light", "dark"]
)
def test_a_page_follows_the_readers_choice_of_light_or_dark(
    browser: Browser, addresses: dict[str, str], scheme: str, dark: bool
) -> None:
    with opened(browser, addresses, f"{PLAN}/index.html", color_scheme=scheme) as (page, _):
        colour = page.evaluate(
            """() => {
                for (const each of [document.body, document.documentElement]) {
                    const colour = getComputedStyle(each).backgroundColor;
                    if (!colour.endsWith(", 0)")) return colour.match(/[0-9.]+/g).map(Number);
                }
                return [255, 255, 255];
            }"""
        )

    assert (sum(colour[:3]) / 3 < 80) is dark, colour


@pytest.mark.parametrize(
    ("place", "scheme"),
    [*((place, "light") for place in WITH_CHARTS), (DARK_WITHOUT_SCRIPT, "dark")],
)
def test_headline_charts_and_tables_are_there_without_any_script(
    browser: Browser, addresses: dict[str, str], place: str, scheme: str
) -> None:
    with opened(
        browser, addresses, place, java_script_enabled=False, viewport=PHONE, color_scheme=scheme
    ) as (page, faults):
        assert WITH_CHARTS[place] in page.locator("article").inner_text()
        figures = page.locator("figure.kb-figure")
        assert figures.count() > 0
        for figure in figures.all():
            assert figure.locator(".kb-heading").is_visible()
            shown = [each for each in figure.locator(".kb-chart svg").all() if each.is_visible()]
            assert len(shown) == 1
            box = shown[0].bounding_box()
            assert box["width"] > 200
            assert box["height"] > 100
            assert not figure.locator("table").first.is_visible()
            figure.locator("summary").first.click()
            assert figure.locator("table").first.is_visible()
        # What is told outright is there; what is opened on request opens without a script too.
        tables = page.locator("article table.kb-table:not(figure table, .kb-details table)")
        assert tables.count() > 0
        assert all(table.is_visible() for table in tables.all())
        for details in page.locator("article details.kb-details:not(figure details)").all():
            inner = details.locator("table").all()
            assert not any(table.is_visible() for table in inner)
            details.locator("summary").first.click()
            assert all(table.is_visible() for table in inner)
    assert faults == [], "\n".join(faults)


LABELS = """() => [...document.querySelectorAll(".kb-chart svg")]
    .filter((svg) => svg.getBoundingClientRect().width > 0)
    .flatMap((svg) => {
        const frame = svg.getBoundingClientRect();
        const scale = frame.width / svg.viewBox.baseVal.width;
        const chart = svg.closest("figure").id;
        // The drawing library makes labels of an axis that would lie on others invisible.
        return [...svg.querySelectorAll("text")]
            .filter((text) => text.textContent.trim() && getComputedStyle(text).opacity !== "0")
            .map((text) => {
                const box = text.getBoundingClientRect();
                const { left, right, top, bottom } = box;
                return { chart, text: text.textContent, left, right, top, bottom,
                    size: parseFloat(getComputedStyle(text).fontSize) * scale,
                    cut: left < frame.left - 1 || right > frame.right + 1
                        || top < frame.top - 1 || bottom > frame.bottom + 1 };
            });
    })"""

# The contrast of each text of a chart with the page, as WCAG 2.2 works it out.
CONTRASTS = """() => {
    const luminance = (colour) => colour.match(/[0-9.]+/g).slice(0, 3).map(Number)
        .map((part) => part / 255)
        .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
    const page = luminance(getComputedStyle(document.body).backgroundColor);
    return [...document.querySelectorAll(".kb-chart svg text")].map((text) => {
        const own = luminance(getComputedStyle(text).fill);
        const contrast = (Math.max(own, page) + 0.05) / (Math.min(own, page) + 0.05);
        return [text.closest("figure").id, text.textContent, contrast];
    });
}"""


@pytest.mark.parametrize("place", WITH_CHARTS)
def test_the_text_of_charts_is_readable_large_enough_whole_and_apart(
    browser: Browser, addresses: dict[str, str], place: str
) -> None:
    """To axe-core the contrast of text in SVG is incomplete, which is no pass."""
    with opened(browser, addresses, place, color_scheme="light") as (page, faults):
        for name, size in (("320 px", SMALLEST), ("desktop", DESKTOP)):
            page.set_viewport_size(size)
            faults += [f"{name}: {each}" for each in [*sideways(page), *illegible(page)]]
        faults += pale(page)
        turn_dark(page)
        faults += [f"dark: {each}" for each in pale(page)]

    assert faults == [], "\n".join(faults)


def illegible(page: Page) -> Iterator[str]:
    """Name the labels of charts that are too small, cut off, or lie on each other."""
    labels = page.evaluate(LABELS)
    # The least has the chart of ranks: axis, and a label an area.
    assert len(labels) >= 8
    for index, label in enumerate(labels):
        name = f"{label['chart']}: {label['text']!r}"
        if label["size"] < 11.95:
            yield f"{name} is {label['size']:.1f} px high"
        if label["cut"]:
            yield f"{name} is cut off"
        for other in labels[:index]:
            if label["chart"] == other["chart"] and overlap(label, other):
                yield f"{name} lies on {other['text']!r}"


def pale(page: Page) -> list[str]:
    """Name the labels of charts whose contrast with the page is too low."""
    contrasts = page.evaluate(CONTRASTS)
    assert len(contrasts) > 10
    return [f"{figure}: {text!r} is pale" for figure, text, it in contrasts if it < 4.5]


def overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Tell whether two labels lie on each other: their boxes, which hold some air, by 3 px."""
    across = min(one["right"], other["right"]) - max(one["left"], other["left"])
    down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
    return across > 1 and down > 3


def test_the_search_finds_a_page(browser: Browser, addresses: dict[str, str]) -> None:
    with opened(browser, addresses, f"{PLAN}/search.html?q=violence") as (page, faults):
        page.locator("#search-results li a").first.wait_for(timeout=10_000)
        found = page.locator("#search-results").inner_text()

    assert "Violence against the person" in found
    assert faults == [], "\n".join(faults)


def test_each_table_of_scores_prints_on_one_landscape_page(
    browser: Browser, addresses: dict[str, str]
) -> None:
    """The ranked areas have one, and those listed apart."""
    with opened(browser, addresses, f"{PLAN}/evidence/matrix.html") as (page, faults):
        tables = page.locator(".kb-scroll:has(.kb-score)").count()
        printed = page.pdf(prefer_css_page_size=True, format="A4")

    sizes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", printed)
    assert tables > 0
    assert sum(float(width) > float(height) for width, height in sizes) == tables
    assert faults == [], "\n".join(faults)


FOCUSED = """() => {
    const each = document.activeElement;
    for (const running of each.getAnimations()) running.finish();
    const style = getComputedStyle(each);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    return [each.outerHTML.slice(0, 120), outlined || style.boxShadow !== "none"];
}"""


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_whatever_has_the_keyboards_focus_shows_it(
    browser: Browser, addresses: dict[str, str], size: dict[str, int]
) -> None:
    place = f"{PLAN}/evidence/overview.html"
    with opened(browser, addresses, place, viewport=size) as (page, faults):
        met: dict[str, bool] = {}
        while len(met) < 200:
            page.keyboard.press("Tab")
            element, shown = page.evaluate(FOCUSED)
            if element.startswith("<body") or element in met:
                break
            met[element] = shown
        faults += [element for element, shown in met.items() if not shown]

    assert any("primary-toggle" in element for element in met)
    assert len(met) > 10
    assert faults == [], "\n".join(faults)
