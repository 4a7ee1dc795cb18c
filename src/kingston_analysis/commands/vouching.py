"""Sign what was published, and verify it: what agrees with what, and who says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from kingston_analysis.book.accounted import unaccounted_files
from kingston_analysis.book.manifest import MANIFEST, manifest_hash, site_problems
from kingston_analysis.book.publications import SignedSite, note_publication, publications
from kingston_analysis.commands.showing import put_json, put_out, say
from kingston_analysis.errors import KingstonError, Problem, raise_any
from kingston_analysis.project import Project
from kingston_analysis.records.signatures import Signed, check_signatures, sign_file, signatures_of


def sign_path(project: Project | None, path: Path, key: Path, signer: str) -> None:
    """Sign a file, or a site by its manifest; our own site is noted in the project's log.

    Raises KingstonError with all that is wrong with the site.
    """
    site = path if path.is_dir() else None
    if site:
        raise_any(_site_problems(site))
    today = date.today()
    statement = sign_file(site / MANIFEST if site else path, key, signer, today)
    say(f"Signed: {statement}. The date, {today}, is yours: no time stamp proves it.")
    if site and project and site.resolve() == project.site.resolve():
        made = SignedSite(manifest=manifest_hash(site), signer=signer, date=today)
        if note_publication(project, made):
            say("Noted in data/published.yml: keep it in the repository.")


def verify_path(project: Project | None, path: Path, signers: Path | None, as_json: bool) -> None:
    """Say what is known of a site, or of a signed file; raise KingstonError with all that differs.

    That it agrees with its manifest says nothing of who made it: only a signature does.
    """
    if not path.exists():
        missing = Problem("There is no site yet.", path, remedy="Run `kingston build`, or name it.")
        raise KingstonError(missing)
    site = path if path.is_dir() else None
    signed_file = site / MANIFEST if site else path
    problems = _site_problems(site) if site else []
    found = check_signatures(signed_file, signers) if signers and not problems else ()
    results = list(found)
    problems += [each for each in results if isinstance(each, Problem)]
    raise_any(problems)
    signed = [each for each in results if isinstance(each, Signed)]
    if site is None and not signatures_of(path):
        unsigned = "Nobody has signed it, and it is no site, so nothing vouches for it."
        raise KingstonError(Problem(unsigned, path, remedy="Name the folder of a site."))
    unchecked = 0 if signers else len(signatures_of(signed_file))
    logged = _logged(project, site) if project and site else None
    if as_json:
        content = {
            "path": str(path),
            "manifest": manifest_hash(site) if site else None,
            "signed": [{"signer": s.signer, "key": s.key, "date_given": s.says} for s in signed],
            "signatures_not_checked": unchecked,
            "in_log": logged is not None,
            "problems": [],
        }
        put_json(content)
        return
    lines = standing_of(project, site, signed) if site else _signed_by(signed, unchecked)
    put_out("\n".join(lines))


def standing_of(project: Project | None, site: Path, signed: Sequence[Signed] = ()) -> list[str]:
    """Say what vouches for a sound site: its manifest, who signed it, and the project's log."""
    unchecked = 0 if signed else len(signatures_of(site / MANIFEST))
    lines = [f"Agrees with its manifest: every file of {site}. {manifest_hash(site)}"]
    return [*lines, *_in_log(project, site), *_signed_by(signed, unchecked)]


def _signed_by(signed: Sequence[Signed], unchecked: int) -> list[str]:
    said = [f"{each} No time stamp proves that date." for each in signed]
    return said or [_not_signed(unchecked)]


def _in_log(project: Project | None, site: Path) -> list[str]:
    """Say whether the log of what was signed, where there is one, has a site's manifest."""
    if project is None or not publications(project):
        return []
    if logged := _logged(project, site):
        return [f"Stands in data/published.yml, for {logged.date}."]
    what = "Does not stand in data/published.yml: it is none of the sites that were signed here"
    return [f"{what}. It was built, or edited together with its manifest, since."]


def _site_problems(site: Path) -> list[Problem]:
    """Find what of a site is unlike its manifest or, where it agrees, is nobody's."""
    return list(site_problems(site)) or list(unaccounted_files(site))


def _logged(project: Project, site: Path) -> SignedSite | None:
    digest = manifest_hash(site)
    return next((each for each in publications(project) if each.manifest == digest), None)


def _not_signed(unchecked: int) -> str:
    what = "Who made it is not known"
    if unchecked:
        many = "a signature stands" if unchecked == 1 else f"{unchecked} signatures stand"
        return f"{what}: {many} beside it; give --signers FILE to check."
    return f"{what}: it is not signed."
