"""Prove a redesign step: keep what a build holds as a state, and tell how two states differ."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import Any

from compare import ABSENT, KEYS, LEVELS, Difference, Maps, compare, moved, renamed
from states import NoStateError, State, read, summary, take, write

SHOWN, LONGEST = 10, 160


def main() -> int:
    """Take or compare; 0 where values and text agree, 1 where not, 2 where nothing was compared."""
    options = _options()
    try:
        if options.command == "take":
            write(state := take(options.build), options.file)
            sys.stdout.write(f"{options.file}: {summary(state)}\n")
            return 0
        return _compare(options)
    except NoStateError as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _compare(options: argparse.Namespace) -> int:
    old = _wanted(moved(read(options.old), options.moved), options, options.renamed)
    new = _wanted(read(options.new), options, [])
    if not old and not new:
        raise NoStateError("--only leaves nothing to compare.")
    found = sorted(compare(old, new), key=lambda each: each.level)
    counted = Counter(each.level for each in found)
    counts = {level: counted[level] for level in LEVELS}
    if options.json:
        data = {"counts": counts, "differences": [each.as_data() for each in found]}
        sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.write(_report(found, counts))
    return 1 if counts[1] or counts[2] else 0


def _wanted(state: State, options: argparse.Namespace, maps: Maps) -> State:
    return {
        address: entry | {key: renamed(entry[key], maps, options.without) for key in KEYS.values()}
        for address, entry in state.items()
        if options.only.search(address)
    }


def _report(found: list[Difference], counts: dict[int, int]) -> str:
    lines = []
    for level, title in LEVELS.items():
        lines.append(f"Level {level}, {title}: {counts[level] or 'no'} differences")
        of_level = [each for each in found if each.level == level]
        kinds = Counter(_kind(each) for each in of_level)
        lines += [f"  {count} × {kind}" for kind, count in sorted(kinds.items())]
        lines += [f"  {_line(each)}" for each in of_level[:SHOWN]]
        if len(of_level) > SHOWN:
            lines.append(f"  … and {len(of_level) - SHOWN} more; --json tells all.")
    return "\n".join(lines) + "\n"


def _line(difference: Difference) -> str:
    return (
        f"{difference.address}: {difference.what}: "
        f"{_short(difference.old)} → {_short(difference.new)}"
    )


def _kind(difference: Difference) -> str:
    name = PurePosixPath(difference.address).name
    where = "page" if difference.address.startswith("pages/") else name.rpartition(".")[2]
    return f"{where}: {difference.what.split()[0]}"


def _short(value: Any) -> str:
    text = "nothing" if value is ABSENT else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python tests/golden", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    taking = commands.add_parser("take", help="keep what a build holds as a state")
    taking.add_argument("file", type=Path, help="where to keep it")
    taking.add_argument("--build", type=Path, default=Path("_build"), help="the folder to read")
    comparing = commands.add_parser("compare", help="tell how two states differ")
    comparing.add_argument("old", type=Path)
    comparing.add_argument("new", type=Path)
    comparing.add_argument("--json", action="store_true", help="tell all, as data")
    comparing.add_argument(
        "--only",
        type=_pattern,
        default="",
        metavar="REGEX",
        help="addresses to compare: pages/2010/",
    )
    for option, what in (("--moved", "addresses"), ("--renamed", "names and texts")):
        comparing.add_argument(
            option, type=_map, action="append", default=[], metavar="REGEX=NEW",
            help=f"replace in the {what} of the old state, before comparing; may be repeated",
        )  # fmt: skip
    comparing.add_argument(
        "--without", action="append", default=[], metavar="FIELD", help="leave fields of values out"
    )
    return parser.parse_args()


def _map(text: str) -> tuple[re.Pattern[str], str]:
    pattern, sign, instead = text.partition("=")
    if not sign:
        raise argparse.ArgumentTypeError(f"'{text}' is not of the form OLD=NEW")
    return _pattern(pattern), instead


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"'{text}' is no regular expression: {error}") from error


if __name__ == "__main__":
    sys.exit(main())
