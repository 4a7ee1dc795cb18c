"""Equal inputs give equal bytes: elsewhere, at another time, in another locale, on another host."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jupyter_book.config import get_final_config
from system_project import BOOK, MAIN, Copy, difference, snapshot
from tables_fixture import PROJECT

from kingston_analysis.book.draw import draw_all, read_drawing
from kingston_analysis.pages.outputs import figures_in

# The small site was built with TZ=UTC, PYTHONHASHSEED=0, two jobs, and the locale of the machine.
OTHERWISE = {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "4711", "PYTHONUTF8": "0"}
# A locale in which Python does not take text for UTF-8 by itself.
BARE_LOCALE = {"LC_ALL": "C", "LANG": "C", "PYTHONCOERCECLOCALE": "0"}
# A locale in which numbers have commas, dates other words, I another small letter, and text
# another encoding.
TURKISH = "tr_TR.ISO-8859-9"
DAYS_LATER = 1000
# What Sphinx leaves for itself; it holds paths and times.
LEFTOVERS = (".buildinfo", ".doctrees", "environment.pickle", "conf.py", "objects.inv", "_sources")


@pytest.fixture(scope="session")
def turkish(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Compile the Turkish locale into a folder, and return the environment that speaks it."""
    folder = tmp_path_factory.mktemp("locales")
    command = ["localedef", "-i", "tr_TR", "-f", "ISO-8859-9", str(folder / TURKISH)]
    if not shutil.which("localedef") or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("needs the Turkish locale (Debian's package locales)")
    return {"LOCPATH": str(folder), "LC_ALL": TURKISH, "LANG": TURKISH}


@pytest.fixture(scope="session")
def later() -> dict[str, str]:
    """Return the environment in which every clock is some years ahead."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    if not found:
        pytest.skip("needs another clock (Debian's package faketime)")
    return {"LD_PRELOAD": str(found[0]), "FAKETIME": f"+{DAYS_LATER}d"}


def said_in(environment: dict[str, str], code: str) -> str:
    """Run a line of Python in an environment, and return what it printed."""
    command = [sys.executable, "-c", code]
    project = Copy(PROJECT.root).environment(**environment)
    return subprocess.run(command, env=project, capture_output=True, check=True).stdout.decode(
        "ascii", errors="replace"
    )


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Return every file of a folder, by its path, as text."""
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            name = file.relative_to(folder).as_posix()
            yield name, file.read_bytes().decode("utf-8", errors="replace")


# Built twice, every byte compared


RENAMED = ["unshare", "--uts", "sh", "-c", 'hostname quite-another && exec "$@"', "-"]


@pytest.fixture(scope="session")
def another_host() -> list[str]:
    """Return what stands before a command so that its host has another name."""
    if subprocess.run([*RENAMED, "true"], capture_output=True, check=False).returncode:
        pytest.skip("giving the host another name is not permitted here")
    return RENAMED


def or_skipped(request: pytest.FixtureRequest, name: str, otherwise: Any) -> Any:
    """Return a fixture, or something else where this machine cannot have it."""
    try:
        return request.getfixturevalue(name)
    except pytest.skip.Exception:
        return otherwise


@pytest.fixture(scope="module")
def elsewhere(
    small_site: Copy, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Copy]:
    """Run and build a copy from its sources alone, with all otherwise that can be here.

    In another folder, one page at a time, with another seed and zone; and where this machine can,
    on another host, under another clock and in another locale.
    """
    folder = tmp_path_factory.mktemp("elsewhere")
    other = small_site.copy_to(folder / "quite/another place", ".")
    environment = {
        **OTHERWISE,
        **or_skipped(request, "turkish", BARE_LOCALE),
        **or_skipped(request, "later", {}),
    }
    build = [sys.executable, "-c", MAIN, "build", "--jobs", "1"]
    command = [*or_skipped(request, "another_host", []), *build]
    done = subprocess.run(
        command,
        cwd=other.root,
        env=other.environment(**environment),
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    yield other
    shutil.rmtree(folder, ignore_errors=True)


def test_pages_are_equal_when_all_is_run_again_elsewhere(small_site: Copy, elsewhere: Copy) -> None:
    assert len(snapshot(small_site.build / "pages")) == 16
    assert difference(small_site.build / "pages", elsewhere.build / "pages") == ""


def test_the_site_is_equal_when_all_is_built_again_elsewhere(
    small_site: Copy, elsewhere: Copy
) -> None:
    assert difference(small_site.site, elsewhere.site) == ""


@pytest.mark.usefixtures("turkish", "later", "another_host")
def test_the_other_build_was_at_another_time_in_another_locale_on_another_host() -> None:
    """Where this is skipped, something was not otherwise than here."""
    host = subprocess.run([*RENAMED, "hostname"], capture_output=True, text=True, check=True)

    assert host.stdout.strip() == "quite-another" != socket.gethostname()


def test_the_other_clock_is_another_also_in_the_processes_of_a_process(
    later: dict[str, str],
) -> None:
    ask = "import time; print(int(time.time()))"
    here = int(said_in({}, ask))
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {ask!r}], check=True)"

    there = int(said_in(later, code))

    assert abs(there - here - DAYS_LATER * 24 * 3600) < 600


def test_the_other_locale_is_another(turkish: dict[str, str]) -> None:
    code = "import locale as l, time; l.setlocale(l.LC_ALL, ''); "
    code += "print(l.str(1.5), time.strftime('%A', (2008,) + (1,) * 8), l.getencoding())"

    number, day, encoding = said_in({**turkish, "PYTHONUTF8": "0"}, code).split()

    assert (number, encoding) == ("1,5", "ISO-8859-9")
    assert day.startswith("Sal")


@pytest.mark.slow
def test_a_plan_and_all_its_pages_are_equal_when_all_is_run_and_built_again_elsewhere(
    plan_site: Copy, folder: Path
) -> None:
    # Of drawings the small site tells as much.
    made = [each.name for each in plan_site.build.iterdir() if each.is_dir()]
    other = plan_site.copy_to(folder / "elsewhere", *(each for each in made if each != "charts"))
    command = ("build", "--edition", "2008", "--jobs", "3")

    said = other.kingston(*command, environment={**OTHERWISE, **BARE_LOCALE}, seconds=3600)

    assert said.code == 0, said
    assert difference(plan_site.build / "pages", other.build / "pages") == ""
    assert difference(plan_site.site, other.site) == ""


# What is of this machine stays on it


def test_no_file_of_the_site_knows_where_it_was_built(small_site: Copy) -> None:
    places = {
        str(small_site.root),
        str(small_site.root.parent),
        str(PROJECT.root),
        str(Path.home()),
    }
    places = {place for place in places if place != "/"}

    found = [
        (name, place) for name, text in texts(small_site.site) for place in places if place in text
    ]

    assert found == []


def test_no_page_knows_the_temporary_folder_of_its_run(small_site: Copy) -> None:
    """A page runs with a folder of its own, which is gone when it is done."""
    for part in (small_site.build / "pages", small_site.site):
        assert [
            name for name, text in texts(part) if re.search(r"/tmp/|kingston-\w{8}\b", text)
        ] == []


def test_no_file_of_the_site_knows_the_host(small_site: Copy) -> None:
    """The theme's own files are left out: the names of hosts are words, and they have many."""
    host = re.compile(rf"\b{re.escape(socket.gethostname())}\b")

    found = [name for name, text in texts(small_site.site) if host.search(text)]

    assert [name for name in found if "/_static/" not in name] == []


def test_what_sphinx_leaves_for_itself_is_not_published(small_site: Copy) -> None:
    files = [file.relative_to(small_site.site) for file in small_site.site.rglob("*")]

    assert [str(each) for each in files if each.name in LEFTOVERS] == []
    # What Apache reads of the site's policy must have this name.
    assert [str(each) for each in files if each.name.startswith(".")] == [".htaccess"]


def test_the_settings_that_sphinx_gets_hold_no_absolute_path(small_site: Copy) -> None:
    settings, _ = get_final_config(
        user_yaml=small_site.build / f"book/{BOOK}/_config.yml",
        sourcedir=small_site.build / f"book/{BOOK}",
        cli_config={"latex_individualpages": False},
    )

    assert "html_extra_path" in settings
    assert [each for each in strings(settings) if Path(each).is_absolute()] == []


def strings(value: Any) -> Iterator[str]:
    """Return every text in settings, however deep."""
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list | tuple | set):
        for each in value:
            yield from strings(each)
    elif isinstance(value, str | Path):
        yield str(value)


def test_an_assembled_book_knows_of_no_place(small_site: Copy) -> None:
    """`jupyter-book build` by hand reads it, wherever it is."""
    book = small_site.build / f"book/{BOOK}"
    contents = yaml.safe_load((book / "_toc.yml").read_text("utf-8"))

    assert [each for each in strings(contents) if Path(each).is_absolute()] == []
    assert [name for name, text in texts(book) if str(small_site.root) in text] == []


# Drawings


@pytest.fixture(scope="session")
def specifications(small_site: Copy) -> list[dict[str, Any]]:
    """Return some charts of a page: every third, of several kinds."""
    import nbformat

    return figures_in(nbformat.read(small_site.pages() / "robbery.ipynb", as_version=4))[::3]


def test_a_drawing_does_not_depend_on_what_was_drawn_before_it(
    specifications: list[dict[str, Any]], tmp_path: Path
) -> None:
    """The drawing library counts its ids up over a whole process."""
    draw_all(specifications, tmp_path / "one")
    draw_all(reversed(specifications), tmp_path / "other")
    draw_all(specifications[-1:], tmp_path / "alone")

    assert len(snapshot(tmp_path / "one")) == 2 * len(specifications)
    assert difference(tmp_path / "one", tmp_path / "other") == ""
    alone = snapshot(tmp_path / "alone")
    assert alone.items() <= snapshot(tmp_path / "one").items()


def test_a_drawing_does_not_depend_on_the_process_that_draws_it(
    specifications: list[dict[str, Any]], tmp_path: Path
) -> None:
    draw_all(specifications, tmp_path / "here")
    file = tmp_path / "specifications.json"
    file.write_text(json.dumps(specifications[::-1]), encoding="utf-8")
    code = "import json, sys, pathlib\nfrom kingston_analysis.book.draw import draw_all\n"
    code += "read = json.loads(pathlib.Path(sys.argv[1]).read_text('utf-8'))\n"
    code += "draw_all(read, pathlib.Path(sys.argv[2]))\n"
    subprocess.run(
        [sys.executable, "-c", code, str(file), str(tmp_path / "there")],
        env=Copy(PROJECT.root).environment(**OTHERWISE),
        cwd=tmp_path,
        check=True,
    )

    assert difference(tmp_path / "here", tmp_path / "there") == ""


def test_the_ids_of_a_drawing_come_from_its_specification_and_stand_in_no_other(
    specifications: list[dict[str, Any]], tmp_path: Path
) -> None:
    """What is clipped refers to its frame by id, and all drawings of a page stand in one file."""
    clipped = [clip(each) for each in specifications]
    draw_all(clipped, tmp_path / "one")
    draw_all(reversed(clipped), tmp_path / "other")
    drawings = {f.stem: f.read_text("utf-8") for f in (tmp_path / "one").glob("*.svg")}

    assert difference(tmp_path / "one", tmp_path / "other") == ""
    assert len(drawings) == 2 * len(clipped)
    for name, drawing in drawings.items():
        ids = re.findall(r'\bid="([^"]+)"', drawing)
        assert ids == [f"c{name}-{number}" for number in range(len(ids))]
        assert ids
        assert set(re.findall(r"url\(#([^)]+)\)", drawing)) == set(ids)


def clip(specification: dict[str, Any]) -> dict[str, Any]:
    """Clip all marks of a chart to its frame."""
    layers = specification.get("layer", [specification])
    clipped = [{**each, "mark": {**each["mark"], "clip": True}} for each in layers]
    return {**specification, "layer": clipped} if "layer" in specification else clipped[0]


def test_the_drawings_on_the_site_are_those_of_the_specifications(
    small_site: Copy, specifications: list[dict[str, Any]], tmp_path: Path
) -> None:
    draw_all(specifications, tmp_path)
    page = (small_site.site / f"{BOOK}/evidence/robbery.html").read_text("utf-8")

    for drawing in tmp_path.glob("*.svg"):
        name, width = drawing.stem.split("-")
        assert read_drawing(tmp_path, name, width).strip() in page
