"""`shoplight anomalies`: what was not to be expected, in the shop or in any table."""

from __future__ import annotations

import click

from dashboards.cli._options import figure, frame, optional_selection, print_json
from dashboards.cli._table import print_table
from engine.errors import EngineError
from engine.metrics import metric as metric_named

# Lines a person reads; machines get all.
SHOWN = 20


@click.command("anomalies")
@click.option("--metric", "names", multiple=True, metavar="NAME", help="Watch this metric; may be given several times.")
@click.option("--date", "date", metavar="COLUMN", help="With --table: the column of dates.")
@click.option("--value", "value", metavar="COLUMN", help="With --table: the column of values.")
@click.option("--by", "by", metavar="COLUMN", help="With --table: the column that tells series apart.")
@click.option("--season", "season", metavar="none", help="With --table: 'none' for series without a rhythm.")
@optional_selection
def command(ask, table, names, date, value, by, season, json_wanted) -> None:
    """Days that were not what was to be expected of them: season, trend and chance taken out."""
    if table is not None:
        _of_table(table, names, {"date": date, "value": value, "by": by, "season": season}, json_wanted)
        return
    given = [name for name, text in {"date": date, "value": value, "by": by, "season": season}.items() if text]
    if given:
        raise EngineError(f"--{given[0]} names a column of a table; give the table with --table FILE.")
    from engine.diagnose.anomalies import WATCHED, anomalies

    snapshot, selection, _ = ask()
    found = anomalies(snapshot, selection, tuple(metric_named(name).name for name in names) or WATCHED)
    if json_wanted:
        asked = frame(snapshot, selection)
        rows = [_json(one) for one in found.anomalies]
        notes = list(found.notes)
        print_json(asked | {"series_watched": found.series, "notes": notes, "anomalies": rows})
        return
    _print(snapshot, found)


def _of_table(table, names, columns, json_wanted) -> None:
    from engine.diagnose.anomalies import anomalies_in_table

    if names:
        raise EngineError("--metric names a metric of a shop; of a table, name the column with --value.")
    for option in ("date", "value"):
        if not columns[option]:
            raise EngineError(f"--table needs --{option} COLUMN: the column of {option}s.")
    found = anomalies_in_table(table, **columns)
    if json_wanted:
        rows = [_row(one, columns["by"]) for one in found.anomalies]
        print_json({"anomalies": rows, "series": found.series, "step": found.step, "notes": list(found.notes)})
        return
    heads = [*([columns["by"]] if columns["by"] else []), "from", "to", columns["value"], "expected", "score", "kind"]
    lines = [
        [
            *([one.series] if columns["by"] else []),
            *(one.date, one.end, f"{one.value:,.6g}", f"{one.expected:,.6g}", f"{one.score:.1f}", one.kind),
        ]
        for one in found.anomalies
    ]
    print_table(heads, lines, left=3 if columns["by"] else 2) if lines else click.echo("Nothing out of the ordinary.")
    for note in found.notes:
        click.echo(note)


def _row(one, by) -> dict:
    named = {by: one.series} if by else {}
    figures = {name: getattr(one, name) for name in ("value", "expected", "low", "high", "score", "kind")}
    return named | {"date": one.date, "end": one.end} | figures | {"points": list(one.points)}


def _json(one) -> dict:
    unit = metric_named(one.metric).unit
    return {
        "metric": one.metric,
        "where": dict(one.where),
        "start": one.start.isoformat(),
        "end": one.end.isoformat(),
        "actual": figure(one.actual, unit),
        "expected": one.expected,
        "low": one.low,
        "high": one.high,
        "money": one.money,
        "score": one.score,
        "kind": one.kind,
        "label": one.label,
        "seen_in": [{"metric": m.metric, "where": dict(m.where), "score": m.score} for m in one.members],
        "causes": [{"where": dict(c.where), "share": c.share, "score": c.score} for c in one.causes],
    }


def _print(snapshot, found) -> None:
    from components import theme

    click.echo(f"{found.window}, {found.series} series watched")
    lines = []
    for one in found.anomalies[:SHOWN]:
        metric = metric_named(one.metric)
        actual, expected = (theme.number(v, metric.unit, snapshot.currency) for v in (one.actual, one.expected))
        days = str(one.start) if one.start == one.end else f"{one.start} to {one.end}"
        money = "" if one.money is None else theme.number(one.money, metric_named("revenue").unit, snapshot.currency)
        words = f"{one.kind} ({one.label})" if one.label else one.kind
        lines.append([days, _place(snapshot, one), metric.label, words, actual, expected, money, f"{one.score:.1f}"])
    if lines:
        print_table(["days", "where", "metric", "what", "actual", "expected", "money", "score"], lines, left=4)
    else:
        click.echo("Nothing out of the ordinary.")
    if len(found.anomalies) > SHOWN:
        click.echo(f"and {len(found.anomalies) - SHOWN:,} smaller ones (--json lists all)")
    for note in found.notes:
        click.echo(note)


def _place(snapshot, one) -> str:
    return " x ".join(snapshot.label(name, value) for name, value in one.where) or "the whole shop"
