"""The files that a person names: files, folders and zip archives, opened within bounds."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from kingston_analysis.data.ingest.faults import FileFault, shortened
from kingston_analysis.project import content_of, sha256

READ = (".csv", ".tsv", ".txt", ".parquet")
# A year of all forces' street-level files is about 1 GB; more does not fit into memory.
MOST_UNPACKED = 2 << 30
MOST_MEMBERS = 20_000
# Text packs to a tenth; what packs to a thousandth is nothing that a publisher issues.
MOST_PACKED = 1_000
SMALL = 10 << 20
# What systems leave in folders and archives.
NOT_DATA = (".ds_store", "thumbs.db", "readme.md", "readme.txt", "readme")


@dataclass(frozen=True)
class Input:
    """One file with its name, as messages write it, and its bytes; `archive` if it was in one."""

    name: str
    content: bytes
    archive: tuple[str, str] | None = None

    @property
    def name_and_hash(self) -> tuple[str, str]:
        """Return what was downloaded: the archive, or the file itself."""
        return self.archive or (self.name, sha256(self.content))


def inputs_of(paths: list[Path]) -> tuple[list[Input], list[FileFault]]:
    """Read files, all files of folders, and all members of zip archives, in order of their names.

    What cannot be read is a fault, and the others are read all the same.
    """
    found: list[Input] = []
    faults: list[FileFault] = []
    for path in paths:
        for file in _files_in(path):
            name = _name(file, path)
            try:
                content = content_of(file)
            except OSError as error:
                what = f"Cannot be read: {error.strerror or 'the system does not say why'}."
                faults.append(FileFault("unreadable", what, "Correct its name or place.", name))
                continue
            if file.suffix.lower() == ".zip" or (
                content[:4] == b"PK\x03\x04" and not _office(content)
            ):
                members, wrong = unpacked(Input(name, content))
                found += members
                faults += wrong
            else:
                found.append(Input(name, content))
    if not found and not faults:
        what = "There is no file to read in what was named."
        faults.append(
            FileFault("no-files", what, f"Name files that end in {', '.join(READ)} or .zip.")
        )
    return found, faults


def _files_in(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(each for each in path.rglob("*") if each.is_file() and not each.is_symlink())
    return [each for each in files if not _is_left_by_a_system(each.name)]


def _is_left_by_a_system(name: str) -> bool:
    return name.startswith(".") or name.lower() in NOT_DATA


def _name(file: Path, named: Path) -> str:
    inside = file != named
    return shortened(file.relative_to(named.parent).as_posix() if inside else file.name, 160)


def _office(content: bytes) -> bool:
    """Tell a workbook or document, which is an archive too, by what it must contain."""
    return (
        b"[Content_Types].xml" in content[:4096]
        or b"mimetypeapplication/vnd.oasis" in content[:200]
    )


def unpacked(archive: Input) -> tuple[list[Input], list[FileFault]]:
    """Read the members of a zip archive, each within bounds; nothing is written anywhere."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive.content)) as opened:
            members = sorted(opened.infolist(), key=lambda each: each.filename)
            if faults := list(_refused(archive, members)):
                return [], faults
            return _read_members(archive, opened, members)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
        what = "The archive is cut off or damaged: its list of files cannot be read."
        return [], [FileFault("zip-damaged", what, "Download it again.", archive.name)]


def _refused(archive: Input, members: list[zipfile.ZipInfo]) -> Iterator[FileFault]:
    """Find why an archive must not be opened at all."""
    for each in members:
        place = PurePosixPath(each.filename.replace("\\", "/"))
        on_a_drive = bool(place.parts) and place.parts[0].endswith(":")
        climbs = place.is_absolute() or ".." in place.parts or on_a_drive
        if climbs or stat.S_ISLNK(each.external_attr >> 16):
            what = f"The archive names a place outside itself: '{shortened(each.filename)}'."
            remedy = "Do not open it; get it from the publisher again."
            yield FileFault("zip-climbs", what, remedy, archive.name)
    size = sum(each.file_size for each in members)
    packed = max(1, len(archive.content))
    too_tight = size > SMALL and size / packed > MOST_PACKED
    if size > MOST_UNPACKED or len(members) > MOST_MEMBERS or too_tight:
        what = f"The archive would unpack to {len(members):,} files of {size:,} bytes"
        what += f" from {packed:,}; that is no publisher's archive, or too large at once."
        yield FileFault("zip-too-large", what, "Give it in smaller parts.", archive.name)


def _read_members(
    archive: Input, opened: zipfile.ZipFile, members: list[zipfile.ZipInfo]
) -> tuple[list[Input], list[FileFault]]:
    found: list[Input] = []
    faults: list[FileFault] = []
    downloaded = archive.name_and_hash
    for each in members:
        name = f"{archive.name}/{shortened(each.filename, 160)}"
        if not each.filename:
            what = "A file of the archive has no name."
            faults.append(FileFault("zip-damaged", what, "Download it again.", name))
            continue
        if each.is_dir() or _is_left_by_a_system(PurePosixPath(each.filename).name):
            continue
        if each.filename.lower().endswith(".zip"):
            what = "An archive stands within the archive."
            faults.append(FileFault("zip-in-zip", what, "Unpack it, and name the folder.", name))
            continue
        try:
            with opened.open(each) as member:
                # An archive may lie about the size of what is in it.
                content = member.read(each.file_size + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            EOFError,
            RuntimeError,
            NotImplementedError,
        ):
            what = "This file of the archive is cut off, damaged or locked with a password."
            faults.append(FileFault("zip-damaged", what, "Download it again, or unpack it.", name))
            continue
        if len(content) != each.file_size:
            what = f"The archive says {each.file_size:,} bytes and holds another number."
            faults.append(FileFault("zip-damaged", what, "Download it again.", name))
            continue
        found.append(Input(name, content, downloaded))
    return found, faults
