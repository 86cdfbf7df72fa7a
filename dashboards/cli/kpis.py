"""`shoplight kpis`: the cards of the Overview."""

from __future__ import annotations

import click

from dashboards.cli._options import as_json, database, figure, frame, print_json, selection, windows
from engine.metrics import HEADLINES, METRICS, metric


@click.command("kpis")
@click.option("--metric", "names", multiple=True, metavar="NAME", help="A metric; may be given several times.")
@click.option("--all", "everything", is_flag=True, help="Every metric, not only the five headlines.")
@as_json
@database
@selection
def command(snapshot, selection, names, everything, json_wanted) -> None:
    """The shop's key figures, against the comparison window."""
    from engine.describe import kpis

    chosen = tuple(METRICS) if everything else tuple(metric(n).name for n in names) or HEADLINES
    answers = kpis(snapshot, selection, chosen)
    if json_wanted:
        print_json(frame(snapshot, selection) | {"metrics": {a.metric: _json(a) for a in answers}})
        return
    _print(answers, windows(snapshot, selection), snapshot.currency)


def _json(answer) -> dict:
    unit = metric(answer.metric).unit
    fields = {
        "value": figure(answer.value, unit),
        "comparison": figure(answer.comparison, unit),
        "change": answer.change,
        "unit": unit.value,
        "noise": answer.noise,
    }
    said = {"missing": answer.missing, "note": answer.note}
    return fields | {name: sentence for name, sentence in said.items() if sentence}


def _print(answers, heading: str, currency: str | None) -> None:
    from components import theme

    click.echo(heading)
    labels = [metric(a.metric).label for a in answers]
    width = max(map(len, labels))
    for label, a in zip(labels, answers, strict=True):
        if a.missing:
            click.echo(f"  {label:<{width}}  {a.missing}")
            continue
        value = theme.number(a.value, metric(a.metric).unit, currency, exact=True)
        note = "" if a.change is None else f"  {theme.change(a.change)}{' (within noise)' if a.noise else ''}"
        click.echo(f"  {label:<{width}}  {value:>16}{note}")
    for note in dict.fromkeys(a.note for a in answers if a.note):
        click.echo(note)
