"""The site's Content-Security-Policy: in every page, in files for hosts, and held by the gate."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from system_project import Copy

from kingston_analysis.book.check import ParsedPages, problems_of_files
from kingston_analysis.book.policy import HEADERS, POLICY, write_headers

HOSTS = ("example.org",)
META = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'


@pytest.fixture
def said_of(tmp_path):
    """Return a function that says what the gate finds on a page."""

    def said(body: str, head: str = META) -> list[str]:
        file = tmp_path / "x.html"
        file.write_text(f"<html><head>{head}</head><body>{body}</body></html>", encoding="utf-8")
        return [each.what for each in problems_of_files([file], ParsedPages(HOSTS))]

    return said


def test_the_policy_lets_run_and_show_what_the_site_has_and_nothing_in_a_page():
    directives = dict(each.split(" ", 1) for each in POLICY.split("; "))

    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["style-src"] == "'self'"
    assert "unsafe" not in POLICY
    assert "*" not in POLICY


@pytest.mark.parametrize(
    "body",
    [
        '<script type="application/json">{"a": 1}</script>',
        '<a href="https://example.org">x</a> <a href="mailto:a@example.org">x</a>',
        '<a href="#"></a> <a href="">x</a>',
    ],
)
def test_a_page_that_only_shows_passes(said_of, body):
    assert said_of(body) == []


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("<script>alert(1)</script>", "<script> without a file"),
        ('<script type="module">alert(1)</script>', "<script> without a file"),
        ('<p onclick="alert(1)">x</p>', '<p onclick="alert(1)">'),
        ("<P ONCLICK=alert(1)>x</P>", '<p onclick="alert(1)">'),
        ('<form action="vbscript:x"></form>', '<form action="vbscript:x">'),
        ('<p style="color: red">x</p>', '<p style="color: red">'),
        ("<style>p {}</style>", "<style>"),
        ('<iframe srcdoc="x"></iframe>', "<iframe>"),
        ('<object data="x.pdf"></object>', "<object>"),
        ('<base href="/">', "<base>"),
        ('<meta http-equiv="Refresh" content="0; url=x">', "<meta>"),
        ("<svg><foreignObject>x</foreignObject></svg>", "<foreignobject>"),
    ],
)
def test_the_gate_refuses_a_page_with_anything_active_in_it(said_of, body, what):
    assert said_of(body)[0] == f"The page holds {what}, which its policy refuses."


@pytest.mark.parametrize(
    "body",
    [
        '<a href="javascript:alert(1)">x</a>',
        '<a href=" java&#10;script:alert(1)">x</a>',
        '<a href="data:text/html,x">x</a>',
        '<svg><a xlink:href="javascript:1">x</a></svg>',
    ],
)
def test_the_gate_refuses_a_link_that_runs(said_of, body):
    assert said_of(body)[0].startswith("The link ")


def test_the_gate_refuses_a_page_without_the_policy_or_with_a_weaker_one(said_of):
    weaker = META.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")

    for head in ("", weaker, weaker + META):
        assert said_of("x", head) == ["The page does not hold the site's Content-Security-Policy."]


def test_hosts_get_the_policy_as_their_own_files(tmp_path):
    write_headers(tmp_path)

    netlify = (tmp_path / "_headers").read_text(encoding="utf-8").splitlines()
    assert netlify[0] == "/*"
    assert [each.strip() for each in netlify[1:]] == [f"{n}: {v}" for n, v in HEADERS.items()]
    apache = (tmp_path / ".htaccess").read_text(encoding="utf-8")
    nginx = (tmp_path / "nginx-headers.conf").read_text(encoding="utf-8").splitlines()
    assert apache.startswith("<IfModule mod_headers.c>\n")
    assert nginx == [f'add_header {n} "{v}" always;' for n, v in HEADERS.items()]
    for name, value in HEADERS.items():
        assert f'Header always set {name} "{value}"\n' in apache


def test_no_published_page_has_a_script_or_style_in_itself(small_site: Copy):
    pages = sorted(small_site.site.rglob("*.html"))
    assert len(pages) > 15
    for page in pages:
        soup = BeautifulSoup(page.read_bytes(), "html.parser")
        inline = [each for each in soup.find_all("script") if not each.get("src")]
        assert {each.get("type") for each in inline} <= {"application/json"}, page
        assert soup.find("style") is None
        [policy] = soup.select('meta[http-equiv="Content-Security-Policy"]')
        assert policy["content"] == POLICY
        first = soup.find(["script", "link"])
        assert first.sourceline > policy.sourceline, "it must come before what it is for"
