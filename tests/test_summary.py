"""The published summary: the same page set for paper, short enough and easy enough to read."""

from __future__ import annotations

import json
import re

import pytest
import typst
from docutils import nodes
from system_project import AREA, Copy

from kingston_analysis.book.summary_charts import chart
from kingston_analysis.book.summary_pdf import MOST_PAGES, OLDEST_READER, reading_age, typeset


def page(*children: nodes.Node) -> nodes.document:
    from docutils.utils import new_document

    document = new_document("summary")
    document += nodes.section("", nodes.title(text="The plan in short"), *children)
    return document


def pages_of(source: str, tmp_path) -> int:
    file = tmp_path / "summary.typ"
    file.write_text(source, encoding="utf-8")
    assert typst.compile(str(file), ignore_system_fonts=True, pdf_standards=["ua-1"])
    return json.loads(typst.query(str(file), "<pages>", ignore_system_fonts=True))[0]["value"]


def test_a_page_is_set_with_headings_lists_and_emphasis(tmp_path):
    items = nodes.bullet_list("", *(nodes.list_item("", nodes.paragraph(text=t)) for t in "ab"))
    strong = nodes.paragraph("", "", nodes.Text("It is "), nodes.strong(text="short"))
    source = typeset(page(strong, items), "The plan")
    assert '#heading(level: 1)[#"The plan in short";]' in source
    assert '#"It is ";#strong[#"short";]' in source
    assert source.count('#list([#"a";') == 1
    assert pages_of(source, tmp_path) == 1


@pytest.mark.parametrize("text", ['A "quoted" word', "#set page()", "a \\ b", "$x$ *y* _z_ @w <v>"])
def test_no_text_is_read_as_an_instruction_of_the_typesetter(text, tmp_path):
    assert pages_of(typeset(page(nodes.paragraph(text=text)), text), tmp_path) == 1


def test_a_chart_is_set_with_its_alternative_in_words():
    source = typeset(page(chart(drawing="abc", alternative="Bars of a year")), "The plan")
    assert '#image("_charts/abc-wide.svg", width: 11cm, alt: "Bars of a year")' in source


def test_many_pages_are_counted(tmp_path):
    many = [nodes.paragraph(text="A line. " * 60) for _ in range(60)]
    assert pages_of(typeset(page(*many), "Long"), tmp_path) > MOST_PAGES


def test_plain_sentences_ask_for_a_younger_reader_than_long_ones():
    plain = "The partners act early. They share what they know. They help people."
    heavy = (
        "Notwithstanding organisational interdependencies, the partnership's multidisciplinary "
        "commissioning arrangements necessitate comprehensive reconfiguration of accountability."
    )
    ages = [reading_age(page(nodes.paragraph(text=text))) for text in (plain, heavy)]
    assert ages[0] <= OLDEST_READER < ages[1]


def test_the_index_counts_characters_a_word_and_words_a_sentence():
    # 20 letters and digits, 7 words in 2 sentences; a number's point ends none.
    text = "It fell by 3.5%. (That is much.)"
    expected = 4.71 * 20 / 7 + 0.5 * 7 / 2 - 21.43 + 5
    assert reading_age(page(nodes.paragraph(text=text))) == pytest.approx(expected)


def test_a_page_without_a_word_is_for_everyone():
    assert reading_age(page(nodes.paragraph(text="…"), nodes.paragraph(text=""))) == 5


def test_entries_of_a_list_are_not_run_into_one_sentence():
    items = [nodes.paragraph(text="less crime from alcohol") for _ in range(12)]
    assert reading_age(page(*items)) < OLDEST_READER


def test_the_published_summary_is_a_tagged_pdf_and_the_page_leads_to_it(plan_site: Copy):
    made = (plan_site.site / AREA / "2008/summary.pdf").read_bytes()
    assert made.startswith(b"%PDF-")
    assert b"/MarkInfo" in made or b"/StructTreeRoot" in made
    text = (plan_site.site / AREA / "2008/plans/2008-11/summary.html").read_text(encoding="utf-8")
    assert 'href="../../summary.pdf"' in text
    # Three of the six themes have figures of their own in 2008; alcohol shares one.
    assert text.count('class="kb-chart kb-wide"') == 3
    titles = re.findall(r'<section id="summary-([a-z-]+)"', text)
    assert len(titles) == 6
