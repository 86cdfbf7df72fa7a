"""Options every command shares: the database, the selection, the form of the answer."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.dimensions import DIMENSIONS, EMPTY, NOT_GIVEN
from engine.errors import EngineError, UnknownName, did_you_mean
from engine.metrics import Unit
from engine.selection import Against, Selection, Window

if TYPE_CHECKING:
    from engine.snapshot import Snapshot
    from engine.store import Store

DB_HELP = "The shop's database; without it, the demo shop."
FROM_HELP = "First day, such as 2025-01-31; default the shop's first."
TO_HELP = "Last day, which counts whole; default the shop's last."
AGAINST_HELP = "What to compare with: previous, year, to_date, none, or DAY..DAY."


def database(command: Callable) -> Callable:
    """Add --db; the command gets the database's path as `db`."""

    @click.option(
        "--db",
        type=click.Path(path_type=Path, readable=False),
        envvar="SHOPLIGHT_DB",
        show_envvar=True,
        help=DB_HELP,
    )
    @functools.wraps(command)
    def wrapped(*args, db: Path | None, **kwargs):
        return command(*args, db=shop_path(db), **kwargs)

    return wrapped


def stored(command: Callable) -> Callable:
    """Add the database itself to a command that `database` gives its path: it gets `store` besides `db`."""

    @functools.wraps(command)
    def wrapped(*args, db: Path, **kwargs):
        from engine.store import Store

        return command(*args, db=db, store=Store.open(db), **kwargs)

    return wrapped


def shop_path(db: Path | None) -> Path:
    """The database that is meant: the one named, else the demo shop, made at its first use."""
    if db is not None:
        return db
    from engine import demo

    path = demo.default_path()
    if not path.exists():
        click.echo(f"Making the demo shop at {path} (name another database with --db).", err=True)
    return demo.ensure(path)


def selection(command: Callable) -> Callable:
    """Add --from, --to, --against and one option a dimension; the command gets `snapshot` and `selection`."""

    @click.option("--from", "first", metavar="DAY", help=FROM_HELP)
    @click.option("--to", "last", metavar="DAY", help=TO_HELP)
    @click.option(
        "--against",
        default=Against.PREVIOUS.value,
        show_default=True,
        metavar="WHAT",
        help=AGAINST_HELP,
    )
    @functools.wraps(command)
    def wrapped(*args, db: Path, first, last, against, **kwargs):
        from engine.snapshot import current

        filters = {name: kwargs.pop(name) for name in DIMENSIONS}
        snapshot = current(db)
        chosen = _selection(snapshot, first, last, against, filters)
        return command(*args, snapshot=snapshot, selection=chosen, **kwargs)

    return _with_filters(wrapped)


def optional_selection(command: Callable) -> Callable:
    """The options of `database`, `selection` and `as_json`, and --table: a command that answers for any table too.

    The command gets `table` (a path, or None), `ask` and `json_wanted`. `ask()` opens the shop and returns its
    snapshot, the selection and the store; a command that answers from a table never calls it, and no database is
    touched.
    Options that only a shop has are refused beside --table.
    """

    @click.option(
        "--table",
        type=click.Path(path_type=Path, readable=False),
        help="Answer for this table (CSV, Excel, Parquet) instead of the shop.",
    )
    @click.option("--db", type=click.Path(path_type=Path, readable=False), help=DB_HELP)
    @click.option("--from", "first", metavar="DAY", help=FROM_HELP)
    @click.option("--to", "last", metavar="DAY", help=TO_HELP)
    @click.option("--against", default=None, metavar="WHAT", help=f"{AGAINST_HELP}  [default: previous]")
    @as_json
    @functools.wraps(command)
    def wrapped(*args, table: Path | None, db: Path | None, first, last, against, **kwargs):
        filters = {name: kwargs.pop(name) for name in DIMENSIONS}
        if table is not None:
            given = {"db": db, "from": first, "to": last, "against": against} | filters
            _refuse_beside_table([name for name, value in given.items() if value])

        def ask() -> tuple[Snapshot, Selection, Store]:
            from engine.snapshot import current
            from engine.store import Store

            named = db or (Path(os.environ["SHOPLIGHT_DB"]) if os.environ.get("SHOPLIGHT_DB") else None)
            path = shop_path(named)
            snapshot = current(path)
            chosen = _selection(snapshot, first, last, Against.PREVIOUS.value if against is None else against, filters)
            return snapshot, chosen, Store.open(path)

        return command(*args, table=table, ask=ask, **kwargs)

    return _with_filters(wrapped)


def _refuse_beside_table(names: list[str]) -> None:
    if names:
        options = " and ".join(f"--{name.replace('_', '-')}" for name in names)
        them = "them" if len(names) > 1 else "it"
        raise EngineError(f"{options} asks about the shop, and --table about a table; leave {them} out.")


def _with_filters(wrapped: Callable) -> Callable:
    """Add one option a dimension."""
    for dimension in reversed(DIMENSIONS.values()):
        wrapped = click.option(
            f"--{dimension.name.replace('_', '-')}",
            dimension.name,
            multiple=True,
            metavar="VALUE",
            help=f"Only this {dimension.label.lower()}; may be given several times.",
        )(wrapped)
    return wrapped


def as_json(command: Callable) -> Callable:
    """Add --json; the command gets `json_wanted`."""
    return click.option("--json", "json_wanted", is_flag=True, help="Print JSON for machines.")(command)


def print_json(answer: dict) -> None:
    """Print an answer as JSON; text stays readable, and NaN never appears."""
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2, allow_nan=False))


def progress_bar() -> Callable[[str, int, int | None], None]:
    """A progress line on standard error where that is a terminal, else nothing."""
    shown = os.isatty(2)

    def report(what: str, done: int, whole: int | None) -> None:
        if not shown:
            return
        if whole:
            width = 24 * min(done, whole) // whole
            line = f"[{'#' * width}{' ' * (24 - width)}] {done / whole:4.0%} {done:,} of {whole:,}"
        else:
            line = f"{done:,} rows"
        click.echo(f"\r\033[K{what}: {line}", err=True, nl=bool(whole) and done >= whole)

    return report


def figure(value: float | None, unit: Unit) -> float | int | None:
    """A metric's value for machines: a count is whole."""
    return int(value) if value is not None and unit is Unit.COUNT else value


def frame(snapshot: Snapshot, selection: Selection) -> dict:
    """What every JSON answer begins with: windows as a person says them (both days count), currency, data version."""
    from engine.describe import comparison_of

    compared = comparison_of(snapshot, selection)
    return {
        "window": _window_json(selection.window),
        "comparison": _window_json(compared.window) if compared else None,
        "currency": snapshot.currency,
        "data_version": snapshot.data_version,
    }


def windows(snapshot: Snapshot, selection: Selection) -> str:
    """What a person's answer begins with: the days, and those they are compared with."""
    from engine.describe import comparison_of

    compared = comparison_of(snapshot, selection)
    return f"{selection.window}{f', against {compared.window}' if compared else ''}"


def _window_json(window: Window) -> dict[str, str]:
    return {"start": window.start.isoformat(), "end": window.last.isoformat()}


def _selection(snapshot: Snapshot, first, last, against, filters) -> Selection:
    if snapshot.first_day is None:
        raise EngineError("This shop holds no orders yet; import its export with `shoplight import PATH --db FILE`.")
    window = Window.inclusive(
        snapshot.first_day if first is None else day(first, "--from"),
        snapshot.last_day if last is None else day(last, "--to"),
    )
    how, custom = _against(against)
    chosen = Selection(window, against=how, custom=custom)
    for name, values in filters.items():
        if values:
            chosen = chosen.where(name, [_known(snapshot, name, value) for value in values])
    return chosen


def _against(text: str) -> tuple[Against, Window | None]:
    if ".." in text:
        first, _, last = text.partition("..")
        return Against.PREVIOUS, Window.inclusive(day(first, "--against"), day(last, "--against"))
    try:
        return Against(text), None
    except ValueError:
        raise UnknownName("comparison", text, [a.value for a in Against]) from None


def day(text: str, option: str) -> date:
    """The day a person wrote.

    Raises
    ------
    EngineError
        where it is not a day written as 2025-01-31
    """
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise EngineError(f"{option} {text!r} is not a day; write it as 2025-01-31.") from None


def _known(snapshot: Snapshot, name: str, value: str) -> str:
    label = DIMENSIONS[name].label.lower()
    if name not in snapshot.dimensions:
        raise EngineError(f"This shop has no {label}, so it cannot be filtered by {value!r}.")
    known = snapshot.values(name)
    wanted = EMPTY if value == NOT_GIVEN else value
    if wanted in known:
        return wanted
    labels = {snapshot.label(name, key).casefold(): key for key in known}
    if value.casefold() not in labels:
        words = (snapshot.label(name, key) for key in known)
        raise EngineError(f"No {label} {value!r} in this shop.{did_you_mean(value, (*known, *words))}")
    return labels[value.casefold()]
