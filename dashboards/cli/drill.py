"""`shoplight drill`: a metric split by dimensions."""

from __future__ import annotations

import click

from dashboards.cli._options import as_json, database, figure, frame, print_json, selection
from dashboards.cli._table import print_table
from engine.dimensions import EMPTY
from engine.errors import EngineError
from engine.metrics import metric as metric_named


@click.command("drill")
@click.option("--by", required=True, metavar="A,B", help="Dimensions to split by, such as region,segment.")
@click.option("--metric", default="revenue", show_default=True, metavar="NAME", help="The metric to split.")
@as_json
@database
@selection
def command(snapshot, selection, by, metric, json_wanted) -> None:
    """A metric for each value of one or more dimensions, largest first."""
    from engine.describe import drill

    dimensions = tuple(part.strip() for part in by.split(",") if part.strip())
    if not dimensions:
        raise EngineError("--by names no dimension; write one or more, such as --by region,segment.")
    answer = drill(snapshot, selection, dimensions, metric)
    if json_wanted:
        asked = {"metric": answer.metric, "by": list(dimensions)}
        noted = {"note": answer.note} if answer.note else {}
        rows = [_json(answer, row) for row in answer.rows]
        print_json(frame(snapshot, selection) | asked | noted | {"rows": rows})
        return
    _print(answer, snapshot.currency)


def _json(answer, row) -> dict:
    unit = metric_named(answer.metric).unit
    values = {"value": figure(row.value, unit), "comparison": figure(row.comparison, unit)}
    keys = dict(zip(answer.by, row.keys, strict=True))
    return keys | values | {"change": row.change, "share": row.share} | _labels(answer.by, row)


def _labels(dimensions: tuple[str, ...], row) -> dict:
    """The names of what a row has as codes; nothing where they are the same."""
    every = zip(dimensions, row.keys, row.labels, strict=True)
    found = {name: label for name, key, label in every if str(key) not in (EMPTY, label)}
    return {"labels": found} if found else {}


def _print(answer, currency) -> None:
    from components import theme

    metric = metric_named(answer.metric)
    table = [
        [
            *row.labels,
            theme.number(row.value, metric.unit, currency, exact=True),
            theme.change(row.change),
            "" if row.share is None else f"{row.share:.1%}",
        ]
        for row in answer.rows
    ]
    print_table([*answer.by, metric.label, "change", "share"], table, left=len(answer.by))
    if answer.note:
        click.echo(answer.note)
