"""Take an edition's books off the site, and write down by whom, when and why."""

from __future__ import annotations

import datetime
import getpass
import re
import subprocess

from kingston_analysis.book.books import entries_on
from kingston_analysis.book.manifest import altered_books, folders_of_books
from kingston_analysis.book.withdrawals import (
    Withdrawal,
    add_withdrawal,
    withdrawal_of,
    withdrawals_file,
)
from kingston_analysis.commands.showing import say
from kingston_analysis.data.areas import check_borough
from kingston_analysis.data.editions import edition_years, load_edition
from kingston_analysis.data.names import slug
from kingston_analysis.errors import KingstonError, nearest
from kingston_analysis.pages.lock import lock_tree
from kingston_analysis.project import Project
from kingston_analysis.records.record import write_atomically


def withdraw_edition(
    project: Project, year: int, because: str, area: str | None = None, by: str | None = None
) -> None:
    """Publish the site without an edition's books, or the one of an area, and log why.

    The other books stay as they are published. Raises KingstonError without a reason, where there
    is no such book, where it is off the site already, and where another book on the site is not as
    it was published; then nothing is changed.
    """
    if not because.strip():
        raise KingstonError("A withdrawal needs its reason.", 'Say it with `--because "…"`.')
    made = Withdrawal(
        edition=year, area=area, by=by or _who(project), date=datetime.date.today(), because=because
    )
    with lock_tree(project, "kingston withdraw", say):
        names, published = _books(project, made), folders_of_books(project.site)
        standing = [each for name in names if (each := withdrawal_of(project, name))]
        gone = published & names
        if len(standing) == len(names) and not gone:
            raise KingstonError(f"Edition {year} is off the site already: {standing[0]}")
        _refuse_altered(project, published - gone)
        log = withdrawals_file(project)
        before = log.read_text(encoding="utf-8")
        if len(standing) < len(names):
            add_withdrawal(project, made)
        if gone:
            try:
                _publish_without(project, gone)
            except BaseException:
                write_atomically(log, before)
                raise
    for name in sorted(names):
        off = "Took" if name in gone else "Keeps"
        say(f"{off} {name} off the site.")
    say(f"{project.name_of(log)} says who, when and why: commit it.")
    for page in _naming(project, year):
        say(f"{page} names the edition: change what it says, and run `kingston build`.")


def _who(project: Project) -> str:
    """Return who works here: by the settings of git or, without one, of the system."""
    try:
        git = ["git", "-C", str(project.root), "config", "user.name"]
        done = subprocess.run(git, capture_output=True, text=True)
        return done.stdout.strip() or getpass.getuser()
    except (OSError, KeyError):
        remedy = "Say who withdraws it with `--by NAME`."
        raise KingstonError("Nobody is known here by name.", remedy) from None


def _books(project: Project, made: Withdrawal) -> set[str]:
    """Return the addresses of the books that a withdrawal is about, on the site or to be built."""
    names = {name for name in folders_of_books(project.site) if made.concerns(name)}
    if made.edition in (years := edition_years(project)):
        if made.area and not names:
            check_borough(project, made.area)
        area = made.area or load_edition(project, made.edition).area
        return {*names, f"{slug(area)}/{made.edition}"}
    if not names:
        remedy = nearest(str(made.edition), map(str, years))
        raise KingstonError(f"There is no edition {made.edition}, nor a book of it.", remedy)
    return names


def _refuse_altered(project: Project, kept: set[str]) -> None:
    altered = sorted(kept & altered_books(project.site) | kept - entries_on(project.site).keys())
    if altered:
        what = f"On the site {', '.join(altered)} is not as it was published."
        raise KingstonError(what, "Run `kingston build`, which mends it, and withdraw then.")


def _publish_without(project: Project, gone: set[str]) -> None:
    # It draws, and so takes its time to import.
    from kingston_analysis.book.publish import publish
    from kingston_analysis.data.addresses import load_hosts

    entries = entries_on(project.site)
    left = {name: entries[name] for name in entries.keys() - gone}
    publish(project.site, left, {}, load_hosts(project))


def _naming(project: Project, year: int) -> list[str]:
    """Return the pages of the narrative that speak of an edition by its year."""
    pattern = re.compile(rf"\beditions?\b[^.]*\b{year}\b")
    files = sorted(project.narrative.rglob("*.md"))
    return [project.name_of(f) for f in files if pattern.search(f.read_text(encoding="utf-8"))]
