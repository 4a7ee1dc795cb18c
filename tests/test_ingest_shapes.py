"""One series in many shapes comes to one table: headers, months, delimiters, encodings, order."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest
from ingest_fixture import HISTORIC, SOUND, examined, ingest_project

from kingston_analysis.data.ingest.values import is_span, period_of, read_number
from kingston_analysis.project import Project

OFFENCES = {"area": "str", "month": "str", "offence_group": "str", "offence": "str"}
# The sound file by hand: places, kinds and months in the order of the table.
EXPECTED = """\
area,month,offence_group,offence,offences
Ashby,2008-01,Burglary,Burglary in a Dwelling,1
Ashby,2008-01,Drugs,Drug Trafficking,0
Ashby,2008-02,Burglary,Burglary in a Dwelling,2
Ashby,2008-02,Drugs,Drug Trafficking,1
Ashby,2008-03,Burglary,Burglary in a Dwelling,3
Ashby,2008-03,Drugs,Drug Trafficking,0
Burnham,2008-01,Burglary,Burglary in a Dwelling,40
Burnham,2008-01,Drugs,Drug Trafficking,7
Burnham,2008-02,Burglary,Burglary in a Dwelling,50
Burnham,2008-02,Drugs,Drug Trafficking,8
Burnham,2008-03,Burglary,Burglary in a Dwelling,60
Burnham,2008-03,Drugs,Drug Trafficking,9
Colne Green,2008-01,Burglary,Burglary in a Dwelling,10
Colne Green,2008-01,Drugs,Drug Trafficking,1234
Colne Green,2008-02,Burglary,Burglary in a Dwelling,11
Colne Green,2008-02,Drugs,Drug Trafficking,0
Colne Green,2008-03,Burglary,Burglary in a Dwelling,12
Colne Green,2008-03,Drugs,Drug Trafficking,0
"""


def headed(*months: str) -> str:
    return SOUND.replace("200801,200802,200803", ",".join(months))


def reordered(*order: int) -> str:
    rows = [line.split(",") for line in SOUND.splitlines()]
    return "\n".join(",".join(row[at] for at in order) for row in rows)


SHAPES: dict[str, str | bytes] = {
    "as it comes": SOUND,
    "line ends of Windows": SOUND.replace("\n", "\r\n"),
    "line ends of old Macs": SOUND.replace("\n", "\r"),
    "a mark of byte order": b"\xef\xbb\xbf" + SOUND.encode(),
    "semicolons": SOUND.replace(",", ";"),
    "tabs": SOUND.replace(",", "\t"),
    "thousands": SOUND.replace("1234", '"1,234"'),
    "thousands with points": SOUND.replace(",", ";").replace("1234", "1.234"),
    "counts with a nought after the point": SOUND.replace("1234", "1234.0"),
    "columns in another order": reordered(5, 2, 0, 4, 1, 3),
    "headers of the other layout": SOUND.replace("Major Category", "MajorText"),
    "headers in small letters with blanks": SOUND.replace("Major Category", " major  category "),
    "labels in capitals": SOUND.replace("Burglary in a Dwelling", "BURGLARY IN A DWELLING"),
    "months with a dash": headed("2008-01", "2008-02", "2008-03"),
    "months by name": headed("Jan-08", "Feb 2008", "March 2008"),
    "first days": headed("01/01/2008", "2008-02-01", "1 Mar 2008"),
    "moments": headed("2008-01-01 00:00:00", "2008-02-01T00:00:00", "2008-03-01 00:00"),
    "days of a spreadsheet": headed("39448", "39479", "39508.0"),
    "a title above": "Recorded crime by borough,,,,,\n\nExtracted in 2017,,,,,\n" + SOUND,
    "totals and a note below": SOUND + "Total,,,1292,72,84\nSource: the police,,,,,\n",
    "blank rows": SOUND.replace("Burnham,Drugs", "\n,,,,,\nBurnham,Drugs"),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    return ingest_project(tmp_path_factory.mktemp("ingest"))


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_comes_to_the_same_table(shape, project, tmp_path):
    found = examined(project, tmp_path, {HISTORIC: SHAPES[shape]})

    assert [fault.text() for fault in found.faults] == []
    assert list(found.taken_for) == [("mps-borough", "recorded_crime_month_2008_2016")]
    expected = pd.read_csv(io.StringIO(EXPECTED), dtype=OFFENCES | {"offences": "Int64"})
    pd.testing.assert_frame_equal(found.tables[0].frame, expected)


def test_what_is_not_taken_is_said(project, tmp_path):
    content = "Recorded crime,,,,,\n" + SOUND + "Total,,,1292,72,84\nSource: the police,,,,,\n"

    assert examined(project, tmp_path, {HISTORIC: content}).notes[:3] == [
        f"{HISTORIC}: 1 row above the header left out, as a title.",
        f"{HISTORIC}: 1 row at the end left out, as notes. Line 10.",
        f"{HISTORIC}: 1 row of totals left out. Line 9.",
    ]


def test_a_year_in_part_is_said(project, tmp_path):
    notes = examined(project, tmp_path, {HISTORIC: SOUND}).notes
    assert "2007/08 has 3 of its 12 months: never take it for a year." in notes


def test_another_spelling_is_taken_and_said(project, tmp_path):
    notes = examined(project, tmp_path, {HISTORIC: SOUND.replace("Ashby", "ASHBY ")}).notes
    assert "'ASHBY' taken for 'Ashby' (6 figures)." in notes


SURVEY = """\
Date,Survey,Borough,Measure,Proportion,MPS,,
31/12/2014,PAS,Ashby,Trust MPS,"0,56","0,67",,
31/12/2014,PAS,Burnham,Trust MPS,"0,7","0,67",,scrap
31/12/2014,PAS,Colne Green,Trust MPS,"1","0,67",,
"""


def test_decimal_commas_are_read_and_scraps_said(project, tmp_path):
    found = examined(project, tmp_path, {"PAS.csv": SURVEY})

    assert found.faults == []
    assert list(found.tables[0].frame["proportion"]) == [0.56, 0.7, 1.0]
    assert "PAS.csv: not taken, since the column has no header: 'scrap' in line 3, column 8." in (
        found.notes
    )


STREET = "Crime ID,Month,Longitude,LSOA code,Crime type\n"


def test_crimes_are_counted_and_those_without_a_place_said(project, tmp_path):
    rows = "a,2016-04,1,E01,Burglary\nb,2016-04,1,E01,Burglary\n" + ",2016-04,,,Robbery\n" * 2
    found = examined(project, tmp_path, {"2016-04/2016-04-force-street.csv": STREET + rows})

    assert [fault.text() for fault in found.faults] == []
    # Two burglaries of two ids; two robberies without one, which nobody can tell from copies.
    assert found.tables[0].frame.fillna("").to_csv(index=False).splitlines()[1:] == [
        "E01,2016-04,Burglary,2",
        ",2016-04,Robbery,2",
    ]
    assert "Without a place (lsoa_code): 2 of 4 (50.00%)." in found.notes


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("200804", "month", "2008-04"),
        ("Apr-08", "month", "2008-04"),
        ("Sept 2008", "month", "2008-09"),
        ("4/2008", "month", "2008-04"),
        ("30/04/2008", "month", "2008-04"),
        ("200813", "month", None),
        ("31/04/2008", "month", None),
        ("2008/09", "month", "2008-09"),
        ("1999-00", "financial_year", "1999/00"),
        ("2008/2009", "financial_year", "2008/09"),
        ("2008-10", "financial_year", None),
        ("2008", "financial_year", None),
        ("31/12/2014", "year_ending", "2014-12-31"),
        ("42004", "year_ending", "2014-12-31"),
        ("mid-2008", "mid_year", "2008"),
        ("208", "calendar_year", None),
    ],
)
def test_periods_as_publishers_write_them(text, kind, expected):
    assert period_of(text, kind) == expected


@pytest.mark.parametrize(
    "text", ["2008 Q1", "Jan to Mar 2008", "Jan-Mar 2008", "2008", "2008-2009"]
)
def test_a_span_is_no_month(text):
    assert period_of(text, "month") is None
    assert is_span(text, "month")


@pytest.mark.parametrize(
    ("text", "decimal", "expected"),
    [
        ("1,234", ".", 1234),
        ("1,234.5", ".", 1234.5),
        ("12,34", ".", None),
        ("1 234", ".", 1234),
        ("1.234,5", ",", 1234.5),
        ("0,56", ",", 0.56),
        ("−3", ".", -3),
        ("1e5", ".", None),
        ("inf", ".", None),
        ("١٢", ".", None),
        ("", ".", None),
    ],
)
def test_numbers_as_publishers_write_them(text, decimal, expected):
    assert read_number(text, decimal) == expected


def test_a_folder_of_two_layouts_makes_two_tables(project, tmp_path):
    later = "MajorText,MinorText,BoroughName,201004\n" + "".join(
        f"BURGLARY,BURGLARY IN A DWELLING,{place},5\nTHEFT,BICYCLE THEFT,{place},6\n"
        for place in ("Ashby", "Burnham", "Colne Green")
    )
    found = examined(project, tmp_path, {HISTORIC: SOUND, "MPS 201004.csv": later})

    assert [fault.text() for fault in found.faults] == []
    assert {t.name: len(t.frame) for t in found.tables} == {
        "recorded_crime_month_2008_2016": 18,
        "recorded_crime_month_2010_2026": 6,
    }
    [home_office] = [t.frame for t in found.tables if t.name.endswith("2026")]
    assert sorted(home_office["offence"].unique()) == ["BICYCLE THEFT", "DOMESTIC BURGLARY"]


def test_the_last_period_to_take_is_a_choice(project, tmp_path: Path):
    found = examined(project, tmp_path, {"some.csv": SOUND}, until="2008-02")
    assert sorted(found.tables[0].frame["month"].unique()) == ["2008-01", "2008-02"]
