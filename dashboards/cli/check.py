"""`shoplight check`: is it the data?"""

from __future__ import annotations

import click

from dashboards.cli._options import as_json, database, frame, print_json, selection, stored
from engine.metrics import metric as metric_named


@click.command("check")
@click.option("--metric", metavar="NAME", help="Only what spoils this metric counts as in the question.")
@as_json
@database
@stored
@selection
def command(store, snapshot, selection, metric, json_wanted) -> None:
    """Faults of the data to mend before a cause is named: duplicates, gaps, units, cut days and more."""
    from engine.diagnose.health import CHECKS, problems

    asked = None if metric is None else metric_named(metric).name
    found = problems(snapshot, selection, store, metric=asked)
    looked_at = [_title(check) for check in CHECKS]
    if json_wanted:
        print_json(
            frame(snapshot, selection) | {"checks": looked_at, "problems": [_json(problem) for problem in found]}
        )
        return
    _print(snapshot, found, looked_at)


def _title(check) -> str:
    return check.__name__.rpartition(".")[2]


def _json(problem) -> dict:
    days = problem.days
    return {
        "kind": problem.kind,
        "label": problem.label,
        "is_fault": problem.is_fault,
        "sentence": problem.sentence,
        "days": {"start": days.start.isoformat(), "end": days.last.isoformat()} if days else None,
        "where": dict(problem.where),
        "rows": problem.rows,
        "money": problem.money,
        "score": problem.score,
        "columns": list(problem.columns),
        "touches": problem.touches,
        "blocks_cause": problem.blocks_cause,
        "examples": [{"order_id": e.order_id, "date": e.date, "amount": e.amount} for e in problem.examples],
    }


def _print(snapshot, found, looked_at) -> None:
    faults = [problem for problem in found if problem.is_fault]
    if not faults:
        days = f"{snapshot.rows:,} rows from {snapshot.first_day} to {snapshot.last_day}"
        click.echo(f"No data problem found. Looked at {days} for: {', '.join(looked_at)}.")
    for problem in found:
        outside = "" if problem.touches else " (outside of the days asked about)"
        click.echo(f"{problem.label}{outside}: {problem.sentence}")
        for example in problem.examples if problem.is_fault else ():
            click.echo(f"    order {example.order_id}  {example.date}  {example.amount:,.2f}")
