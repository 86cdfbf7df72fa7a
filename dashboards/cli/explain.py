"""`shoplight explain`: why a metric changed, or what explains the deviations of any table."""

from __future__ import annotations

import click

from dashboards.cli._options import frame, optional_selection, print_json
from engine.errors import EngineError

TABLE_ONLY = ("actual", "expected", "dimensions", "weight")


@click.command("explain")
@click.option("--metric", default=None, metavar="NAME", help="The metric to explain.  [default: revenue]")
@click.option("--actual", metavar="COLUMN", help="With --table: what was; a ratio as NUMERATOR/DENOMINATOR.")
@click.option("--expected", metavar="COLUMN", help="With --table: what was expected, in the same form.")
@click.option("--dimensions", metavar="A,B", help="With --table: columns to look in; default all others of text.")
@click.option("--weight", metavar="COLUMN", help="With --table: the weight of a row whose values are ratios.")
@optional_selection
def command(table, ask, metric, json_wanted, **columns) -> None:
    """Say why a metric changed: how much is normal, whether it is the data, which part did it, and since when.

    With --table, find the smallest set of column values that explains why actual and expected differ.
    """
    if table is not None:
        if metric:
            raise EngineError("--metric asks about the shop, and --table about a table; leave it out.")
        _of_table(table, columns, json_wanted)
        return
    given = [f"--{name}" for name in TABLE_ONLY if columns[name]]
    if given:
        raise EngineError(f"{' and '.join(given)} belongs to a table; name one with --table FILE.")
    _of_shop(ask, "revenue" if metric is None else metric, json_wanted)


def _of_shop(ask, metric: str, json_wanted: bool) -> None:
    from dashboards.cli._explained import as_answer, print_explanation
    from engine.diagnose.explain import explain

    snapshot, selection, store = ask()
    found = explain(snapshot, selection, metric, store=store)
    if json_wanted:
        print_json(frame(snapshot, selection) | as_answer(found))
    else:
        print_explanation(found)


def _of_table(table, columns: dict, json_wanted: bool) -> None:
    from dashboards.cli._explained import print_located
    from engine.diagnose.locate import locate_in_table

    if not columns["actual"] or not columns["expected"]:
        raise EngineError("--table needs --actual and --expected, the columns to compare.")
    names = columns["dimensions"]
    dimensions = tuple(part.strip() for part in names.split(",") if part.strip()) if names else None
    located = locate_in_table(
        table, columns["actual"], columns["expected"], dimensions=dimensions, weight=columns["weight"]
    )
    if json_wanted:
        print_json(located.to_dict())
    else:
        print_located(located)
