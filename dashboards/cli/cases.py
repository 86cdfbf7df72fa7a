"""`shoplight cases`: the case files of a shop: list, read, annotate, delete, bring back."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import click
from click.core import ParameterSource

from dashboards.cli._options import DB_HELP, as_json, print_json, shop_path
from dashboards.cli._table import print_table

_db = click.option(
    "--db", type=click.Path(path_type=Path, readable=False), envvar="SHOPLIGHT_DB", show_envvar=True, help=DB_HELP
)


@click.group("cases", invoke_without_command=True)
@click.option("--deleted", is_flag=True, help="Those that were deleted of late and can be restored.")
@as_json
@_db
@click.pass_context
def command(context: click.Context, db: Path | None, deleted: bool, json_wanted: bool) -> None:
    """The case files of a shop: questions kept with their evidence, pinned to the data."""
    if context.invoked_subcommand is None:
        _list(shop_path(db), deleted, json_wanted)


def _within(function: Callable) -> Callable:
    """Make a command of the group that takes an ID; --db and --json may stand before its name or after it."""

    @click.argument("case_id", metavar="ID")
    @as_json
    @_db
    @click.pass_context
    @functools.wraps(function)
    def wrapped(context: click.Context, db: Path | None, json_wanted: bool, **kwargs):
        before = context.parent.params
        if context.get_parameter_source("db") is not ParameterSource.COMMANDLINE:
            db = before["db"]
        return function(db=shop_path(db), json_wanted=json_wanted or before["json_wanted"], **kwargs)

    return command.command(function.__name__)(wrapped)


@_within
def show(db: Path, case_id: str, json_wanted: bool) -> None:
    """One case: what was asked, what was found, what was ruled out, and the note."""
    from engine.diagnose.cases import case, out_of_date
    from engine.snapshot import current

    found = case(db, case_id)
    changed = out_of_date(found, current(db))
    if json_wanted:
        print_json(_head_json(found) | _body_json(found) | {"is_current": changed is None, "out_of_date": changed})
        return
    click.echo(found.title)
    click.echo(f"{found.asked}  (saved {found.created_at} UTC, data version {found.data_version})")
    for heading, lines in (
        ("", (changed,) if changed else ()),
        ("", found.sentences),
        ("Ruled out", found.ruled_out),
        ("Note", found.note.splitlines()),
    ):
        if lines:
            click.echo("")
            for line in (heading, *lines) if heading else lines:
                click.echo(_shown(line))


@_within
@click.argument("text")
def note(db: Path, case_id: str, text: str, json_wanted: bool) -> None:
    """Write another note on a case; an empty TEXT removes it."""
    from engine.diagnose.cases import update_note

    found = update_note(db, case_id, text)
    _said(found, json_wanted, f"The note of {found.title!r} is kept.")


@_within
@click.argument("title")
def rename(db: Path, case_id: str, title: str, json_wanted: bool) -> None:
    """Give a case another title."""
    from engine.diagnose.cases import rename_case

    found = rename_case(db, case_id, title)
    _said(found, json_wanted, f"The case is called {found.title!r} now.")


@_within
def delete(db: Path, case_id: str, json_wanted: bool) -> None:
    """Put a case away; it can be restored for 30 days."""
    from engine.diagnose.cases import delete_case

    found = delete_case(db, case_id)
    _said(found, json_wanted, f"{found.title!r} is deleted; `shoplight cases restore {case_id}` brings it back.")


@_within
def restore(db: Path, case_id: str, json_wanted: bool) -> None:
    """Bring a deleted case back."""
    from engine.diagnose.cases import restore_case

    found = restore_case(db, case_id)
    _said(found, json_wanted, f"{found.title!r} is back.")


def _list(db: Path, deleted: bool, json_wanted: bool) -> None:
    from engine.diagnose.cases import cases

    found = cases(db, deleted=deleted)
    if json_wanted:
        print_json({"cases": [_head_json(head) for head in found]})
    elif found:
        rows = [[head.case_id, f"{head.created_at} UTC", head.metric, _shown(head.title)] for head in found]
        print_table(["ID", "saved", "metric", "title"], rows, left=4)
    else:
        click.echo("No case was deleted of late." if deleted else "No case is kept yet; the page Diagnose keeps one.")


def _said(found, json_wanted: bool, sentence: str) -> None:
    if json_wanted:
        print_json(_head_json(found))
    else:
        click.echo(_shown(sentence))


def _head_json(head) -> dict:
    names = ("case_id", "title", "metric", "question", "asked", "data_version", "shop", "created_at", "changed_at")
    return {name: getattr(head, name) for name in names}


def _body_json(found) -> dict:
    lists = {"sentences": list(found.sentences), "ruled_out": list(found.ruled_out)}
    return lists | {"note": found.note, "results": dict(found.results)}


def _shown(text: str) -> str:
    """What is kept must not steer the terminal."""
    return "".join(c if c.isprintable() else " " for c in text)
