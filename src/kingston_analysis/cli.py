"""The command line `kingston`: from running pages and building books to making an edition."""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from kingston_analysis.data.tables.periods import FIRST_YEAR, LAST_YEAR
from kingston_analysis.errors import KingstonError, Problem
from kingston_analysis.pages.engines import Engine
from kingston_analysis.project import Project, refuse_other_kinds

VERBOSE, PROJECT, JSON = "--verbose", "--project", "--json"
app = typer.Typer(
    help="Run the evidence pages, build the books, look at them, and check what they are made of.",
    epilog="Exit codes: 0 done, nothing is wrong; 1 something is wrong; 2 the command was "
    "mistyped; 130 stopped by Ctrl-C or the system, the published site is as it was.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
Editions = Annotated[
    list[int] | None,
    typer.Option("--edition", help="An edition, by its year; repeat it for more. Default: all."),
]
Area = Annotated[str | None, typer.Option(help="A borough. Default: the edition's own.")]
Only = Annotated[
    str | None, typer.Option(help="Only the page, or the pages of the template, of this name.")
]
Jobs = Annotated[int, typer.Option(min=1, max=256, help="How many pages to run at once.")]
EngineOption = Annotated[
    Engine | None,
    typer.Option(help="warm forks pages from one process; nbclient starts a kernel for each."),
]
Scheduler = Annotated[
    str | None,
    typer.Option(metavar="tcp://HOST:8786", help="Run the pages on the workers of a Dask cluster."),
]
Json = Annotated[bool, typer.Option(JSON, help="Answer in JSON, faults too, for a program.")]
Force = Annotated[bool, typer.Option("--force", help="Do it again even where nothing changed.")]

# What a shell calls the end by Ctrl-C.
INTERRUPTED = 130
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"kingston {version('kingston-analysis')}")  # noqa: T201
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    verbose: Annotated[  # noqa: ARG001, `main` has seen it
        bool, typer.Option(VERBOSE, help="Show where in the code an error arose.")
    ] = False,
    project: Annotated[
        Path | None,
        typer.Option(PROJECT, metavar="DIR", help="The project. Default: the one one stands in."),
    ] = None,
    version: Annotated[  # noqa: ARG001, its callback answers
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which it is.")
    ] = False,
) -> None:
    """Take the options that `main` lets stand anywhere."""
    context.obj = project


def _project(context: typer.Context) -> Project:
    project = Project.find() if context.obj is None else Project.at(context.obj)
    refuse_other_kinds(project)
    return project


@app.command(epilog="Example: kingston run --edition 2008 --area Sutton --only robbery")
def run(
    context: typer.Context,
    edition: Editions = None,
    area: Area = None,
    only: Only = None,
    jobs: Jobs = CORES,
    engine: EngineOption = None,
    scheduler: Scheduler = None,
    force: Force = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would run, and why; run nothing.")
    ] = False,
) -> None:
    """Run the evidence pages, those whose inputs changed, or with --force all."""
    from kingston_analysis.commands import looking, running
    from kingston_analysis.commands.choosing import Choice

    choice = Choice(_project(context), edition, area, only)
    if dry_run:
        looking.print_plan(choice, force)
    else:
        running.run_pages(choice, running.RunOptions(jobs, engine, scheduler, force))


@app.command(epilog="Example: kingston explain robbery --edition 2008")
def explain(
    context: typer.Context,
    page: Annotated[
        str | None, typer.Argument(help="A page, or a template for all its pages. Default: all.")
    ] = None,
    edition: Editions = None,
    area: Area = None,
    as_json: Json = False,
) -> None:
    """Say of every page whether it is fresh, and if not, what changed since it was run."""
    from kingston_analysis.commands import looking
    from kingston_analysis.commands.choosing import Choice

    looking.print_explanation(Choice(_project(context), edition, area, page), as_json)


@app.command(epilog="Example: kingston build --edition 2016")
def build(
    context: typer.Context,
    edition: Editions = None,
    area: Area = None,
    jobs: Jobs = CORES,
    engine: EngineOption = None,
    scheduler: Scheduler = None,
    force: Force = False,
    draft: Annotated[
        bool,
        typer.Option("--draft", help="Publish unfinished editions too, marked on every page."),
    ] = False,
) -> None:
    """Run what is stale, build the books and publish them to _build/site, all or nothing."""
    from kingston_analysis.commands import running
    from kingston_analysis.commands.choosing import Choice

    choice = Choice(_project(context), edition, area)
    running.build_books(choice, running.RunOptions(jobs, engine, scheduler, force), draft)


@app.command(epilog='Example: kingston withdraw 2009 --because "It named a victim."')
def withdraw(
    context: typer.Context,
    edition: Annotated[int, typer.Argument(help="The edition, by its year.")],
    because: Annotated[
        str, typer.Option(help="Why it goes off the site.", show_default=False)
    ] = "",
    area: Annotated[
        str | None, typer.Option(help="A borough. Default: all books of the edition.")
    ] = None,
    by: Annotated[
        str | None, typer.Option(help="Who takes it off. Default: whose name git has.")
    ] = None,
) -> None:
    """Take an edition off the site, and log in data/withdrawn.yml by whom, when and why."""
    from kingston_analysis.commands.withdrawing import withdraw_edition

    withdraw_edition(_project(context), edition, because, area, by)


@app.command(epilog="Example: kingston verify _build/site --signers allowed_signers")
def verify(
    context: typer.Context,
    path: Annotated[
        Path | None, typer.Argument(help="A published site, or a signed file. Default: our site.")
    ] = None,
    signers: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Whose signatures count: names and public keys, as for ssh-keygen."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Check a site against its manifest, and its signatures against signers, offline."""
    from kingston_analysis.commands.vouching import verify_path

    project = None
    with suppress(KingstonError):
        project = _project(context)
    verify_path(project, path or _project(context).site, signers, as_json)


@app.command(epilog="Example: kingston sign --key ~/.ssh/id_ed25519 --signer analyst@example.org")
def sign(
    context: typer.Context,
    key: Annotated[Path, typer.Option(metavar="FILE", help="The signer's private SSH key.")],
    signer: Annotated[str, typer.Option(help="The signer, as a file of signers names them.")],
    path: Annotated[
        Path | None, typer.Argument(help="A published site, or a file. Default: our site.")
    ] = None,
) -> None:
    """Sign a site by its manifest, or a file: a release sheet, a review. Needs ssh-keygen."""
    from kingston_analysis.commands.vouching import sign_path

    project = None
    with suppress(KingstonError):
        project = _project(context)
    sign_path(project, path or _project(context).site, key, signer)


@app.command(epilog="Example: kingston review --edition 2008")
def review(
    context: typer.Context,
    edition: Editions = None,
    area: Area = None,
    only: Only = None,
    jobs: Jobs = CORES,
    as_json: Json = False,
) -> None:
    """Run the executed pages again with nbval and report every cell that comes out otherwise."""
    from kingston_analysis.commands import looking
    from kingston_analysis.commands.choosing import Choice

    looking.print_review(Choice(_project(context), edition, area, only), jobs, as_json)


@app.command(epilog="Example: kingston serve --port 8080")
def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port on localhost.")] = 8000,
) -> None:
    """Show the published site on this machine, until Ctrl-C."""
    from kingston_analysis.book.serve import serve_site

    serve_site(_project(context), port)


@app.command(epilog='Example: kingston ingest mps-borough "MPS Borough Level Crime.csv"')
def ingest(
    context: typer.Context,
    named: Annotated[
        list[str],
        typer.Argument(
            metavar="[SOURCE] FILE...",
            help="A source of data/ingest, or tidy, and its files, folders or zip archives. "
            "Without a source the command says what it takes each file for.",
        ),
    ],
    table: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only files of this table.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="PERIOD", help="The last period to take, as in the table.")
    ] = None,
    confirm: Annotated[
        list[str] | None,
        typer.Option(metavar="RULE", help="What the rule found is right; repeat it for more."),
    ] = None,
    without_wrong_rows: Annotated[
        bool,
        typer.Option("--without-wrong-rows", help="Take the sound rows, leave out the others."),
    ] = False,
    replaced: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="DAY",
            help="The files are an earlier extraction, which another replaced on this day: keep it "
            "beside the table.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be taken in; write no table.")
    ] = False,
) -> None:
    """Take publishers' files into data/tables, or say everything that is wrong with them."""
    from kingston_analysis.commands.ingesting import ingest_files
    from kingston_analysis.data.ingest.found import Choices

    day = replaced.date() if replaced else None
    choices = Choices(table, until, tuple(confirm or ()), without_wrong_rows, day)
    ingest_files(_project(context), named, choices, dry_run)


@app.command(name="new-edition", epilog="Example: kingston new-edition 2012 --from 2011")
def new_edition(
    context: typer.Context,
    year: Annotated[
        int, typer.Argument(min=FIRST_YEAR, max=LAST_YEAR, help="The year of the new edition.")
    ],
    source: Annotated[int, typer.Option("--from", help="The edition to make it from.")],
) -> None:
    """Make the next edition: roll the years on, carry over what a person must then confirm."""
    from kingston_analysis.commands.yearly import make_edition

    make_edition(_project(context), year, source)


@app.command(epilog="Example: kingston diff 2009 2010")
def diff(
    context: typer.Context,
    before: Annotated[int, typer.Argument(help="The earlier edition.")],
    now: Annotated[int, typer.Argument(help="The later edition.")],
    area: Area = None,
    as_json: Json = False,
) -> None:
    """Say how the figures of two editions differ: what turned round, came in, was revised."""
    from kingston_analysis.commands.yearly import print_differences

    print_differences(_project(context), before, now, area, as_json)


@app.command(epilog="Example: kingston revisions recorded_crime_month_2010_2026")
def revisions(
    context: typer.Context,
    table: Annotated[str, typer.Argument(help="The table, by its name in data/tables.")],
    area: Area = None,
    as_json: Json = False,
) -> None:
    """Say what each extraction of a table revised, and which verdicts turned."""
    from kingston_analysis.commands.revising import print_revisions

    print_revisions(_project(context), table, area, as_json)


@app.command(epilog="Example: kingston schemas")
def schemas(context: typer.Context) -> None:
    """Write the JSON schemas by which editors complete and check the YAML files."""
    from kingston_analysis.commands.schemas import write_schemas

    write_schemas(_project(context))


@app.command(epilog="Example: kingston words")
def words(context: typer.Context) -> None:
    """List the words that nobody classed, and the sentences with a number that nothing backs."""
    from kingston_analysis.commands.words import print_words

    print_words(_project(context))


@app.command(epilog="Example: kingston tables")
def tables(context: typer.Context, as_json: Json = False) -> None:
    """List the tables in data/tables with publisher, period and rows."""
    from kingston_analysis.commands.looking import list_tables

    list_tables(_project(context), as_json)


@app.command(epilog="Example: kingston check data")
def check(
    context: typer.Context,
    what: Annotated[
        str,
        typer.Argument(help="data: tables, topics, editions. book: the published site. all: both."),
    ] = "all",
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Count what is listed as to do, or not whole, as wrong."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Verify what the books are made of and report everything that is wrong at once."""
    from kingston_analysis.commands.looking import check_all

    check_all(_project(context), what, strict, as_json)


def main() -> None:
    """Run the command line; an error is a paragraph for a person, and the exit code is 1."""
    arguments = _project_first([each for each in sys.argv[1:] if each != VERBOSE])
    verbose = len(arguments) < len(sys.argv) - 1
    # As by Ctrl-C: what runs is stopped, and what is published stays whole.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        app(arguments)
    except KingstonError as error:
        if verbose:
            raise
        if JSON in arguments:
            print(json.dumps({"problems": [_object(each) for each in error.problems]}, indent=1))  # noqa: T201
            raise SystemExit(1) from None
        count = len(error.problems)
        count_line = "" if count == 1 else f"{count} things are wrong:\n"
        _stop(count_line + "\n".join(str(problem) for problem in error.problems))
    except SystemExit as end:
        if end.code == INTERRUPTED:
            _stop("Stopped. The published site is as it was.", INTERRUPTED)
        raise
    except OSError as error:
        if verbose:
            raise
        _stop(f"{error.filename or 'The system'}: {error.strerror or error}.")


def _object(problem: Problem) -> dict[str, object]:
    """Return a problem for programs, with its file as people read it."""
    return {**asdict(problem), "file": str(problem.file) if problem.file else None}


def _project_first(arguments: list[str]) -> list[str]:
    """Put the project before the command, where the command line takes it."""
    for at, each in enumerate(arguments):
        if each.startswith(f"{PROJECT}="):
            return [each, *arguments[:at], *arguments[at + 1 :]]
        if each == PROJECT and at + 1 < len(arguments):
            return [*arguments[at : at + 2], *arguments[:at], *arguments[at + 2 :]]
    return arguments


def _stop(message: str, code: int = 1) -> None:
    print(f"kingston: {message}", file=sys.stderr)  # noqa: T201
    raise SystemExit(code)
