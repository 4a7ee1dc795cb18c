"""What the system tests share: copies of the project, built once and then broken one by one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from shared_folder import shared_folder
from system_project import AREA, GUARD, SMALL, Copy, copy_project, snapshot
from tables_fixture import PROJECT

# Tests do not time: a busy machine is no fault of the property.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


# Files that take longest, longest first: half a minute and more where nothing else runs.
LONGEST = ("stale", "resume", "sandbox", "engine", "text_is_text", "year_assessed", "why")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes longest first, so that no core is left with it in the end."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> tuple[int, bool]:
    name = item.path.stem.removeprefix("test_")
    longest = LONGEST.index(name) if name in LONGEST else len(LONGEST)
    return longest, item.get_closest_marker("slow") is None


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Lend a folder, and clear it at once: copies with their sites are large."""
    yield tmp_path
    shutil.rmtree(tmp_path, ignore_errors=True)


@pytest.fixture
def project(folder: Path) -> Copy:
    """Copy the project, small: evidence only, one topic, nothing run yet."""
    return copy_project(folder / "project", SMALL)


@pytest.fixture(scope="session")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """Publish the small project once. Only look at it: tests that change it take `published`."""
    with shared_folder(tmp_path_factory, "small", _publish_small) as place:
        yield Copy(place / "project")


def _publish_small(place: Path) -> None:
    made = copy_project(place / "project", SMALL)
    (place / "sources.json").write_text(json.dumps(snapshot(made.root)), encoding="utf-8")
    environment = {"TZ": "UTC", "PYTHONHASHSEED": "0"}
    said = made.kingston("build", "--jobs", "2", environment=environment, seconds=GUARD)
    assert said.code == 0, said


@pytest.fixture
def small_sources(small_site: Copy) -> dict[str, str]:
    """Return the hashes of the small project's files as they were before it was built."""
    return json.loads((small_site.root.parent / "sources.json").read_text("utf-8"))


@pytest.fixture
def published(small_site: Copy, folder: Path) -> Copy:
    """Copy the small project with its published site, to be changed and broken."""
    return small_site.copy_to(folder / "project")


@pytest.fixture(scope="session")
def plan_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """Publish the edition of 2008 whole, plan and all topics, once. Only look at it."""
    with shared_folder(tmp_path_factory, "plan", _publish_plan) as place:
        yield Copy(place / "project")


def _publish_plan(place: Path) -> None:
    """Publish it; pages that ran in the repository itself and are fresh in the copy stay."""
    made = copy_project(place / "project", {2008: None, **SMALL})
    for name in (f"pages/{AREA}/2008", f"confinement/{AREA}/2008", "charts"):
        if (PROJECT.build / name).is_dir():
            shutil.copytree(PROJECT.build / name, made.build / name)
    said = made.kingston("build", "--edition", "2008", seconds=GUARD)
    assert said.code == 0, said
