"""`shoplight drivers`: what moves the shop's customers."""

from __future__ import annotations

import click

from dashboards.cli._options import as_json, database, print_json, selection
from dashboards.cli._table import print_table
from engine.words import decimal

# A person reads the strongest pairs; machines get all.
MOST_PAIRS = 12


@click.command("drivers")
@as_json
@database
@selection
def command(snapshot, selection, json_wanted) -> None:
    """What goes together, what delivery does to satisfaction and repeat purchase, and who stays away."""
    from engine.diagnose.drivers import drivers

    answer = drivers(snapshot, selection)
    if json_wanted:
        print_json(_frame(snapshot, answer) | {name: _json(getattr(answer, name)) for name in _PRINT})
        return
    click.echo(f"{answer.window}: {answer.orders:,} orders of {answer.customers:,} known customers")
    for name, (title, show) in _PRINT.items():
        click.echo(f"\n{title}")
        part = getattr(answer, name)
        for sentence in part.sentences if part else ():
            click.echo(f"  {sentence}")
        if part:
            show(part)
        for said in (sentence for of, sentence in answer.missing if of == name):
            click.echo(f"  {said}")
    if answer.note:
        click.echo(f"\n{answer.note}")


def _frame(snapshot, answer) -> dict:
    """What the answer is about; it is compared with nothing."""
    window = {"start": answer.window.start.isoformat(), "end": answer.window.last.isoformat()}
    asked = {"window": window, "currency": snapshot.currency, "data_version": snapshot.data_version}
    counts = {"orders": answer.orders, "customers": answer.customers, "horizon": answer.horizon}
    missing = [{"part": part, "sentence": sentence} for part, sentence in answer.missing]
    return asked | counts | {"sentences": list(answer.sentences), "missing": missing, "note": answer.note}


def _json(value):
    """A frozen answer as plain values; windows and days as a person writes them."""
    from dataclasses import fields, is_dataclass
    from datetime import date

    from engine.selection import Window

    if isinstance(value, Window):
        return {"start": value.start.isoformat(), "end": value.last.isoformat()}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_json(part) for part in value]
    if is_dataclass(value):
        return {field.name: _json(getattr(value, field.name)) for field in fields(value)}
    return value


def _show_dose(dose) -> None:
    if dose.slope:
        rows = [
            [_days(day), f"{day.orders:,}", f"{day.score.value:.2f}", _interval(day.score)] for day in dose.slope.by_day
        ]
        print_table(["  delivery days", "orders", "adjusted score", "95%"], rows, left=1)
    if dose.loyalty:
        rows = [
            [f"  {r.score}", f"{r.orders:,}", f"{r.rate.value:.1%}", f"{r.rate.low:.1%} to {r.rate.high:.1%}"]
            for r in dose.loyalty.by_score
        ]
        heads = ["  score", "orders", f"adjusted share back within {dose.loyalty.horizon} days", "95%"]
        print_table(heads, rows, left=1)


def _days(day) -> str:
    return (
        f"  {day.first}" if day.last == day.first else f"  {day.first} to {day.last}" if day.last else f"  {day.first}+"
    )


def _show_satisfaction(satisfaction) -> None:
    rows = [[f"  {c.score}", f"{c.orders:,}", f"{c.share:.1%}"] for c in satisfaction.counts]
    print_table(["  score", "orders", "share"], rows, left=1)
    rows = [[f"  {p.label}", f"{p.explains:.2%}", _p(p.q)] for p in satisfaction.parts]
    print_table(["  what moves it", "told by it alone", "p, corrected"], rows, left=1)
    rows = [
        [f"  {p.label}", v.label, f"{v.orders:,}", f"{v.mean.value:.2f}", _signed(v.difference), _p(v.q)]
        for p in satisfaction.parts
        if p.significant
        for v in p.values
    ]
    if rows:
        print_table(["  dimension", "value", "orders", "adjusted score", "difference", "p, corrected"], rows, left=2)


def _show_churn(churn) -> None:
    rows = [[f"  {f.step}", f"{f.odds.value:.2f}", _interval(f.odds), _p(f.q)] for f in churn.factors]
    print_table(["  odds of staying away for", "factor", "95%", "p, corrected"], rows, left=1)


def _show_correlation(correlation) -> None:
    words = dict(zip(correlation.names, correlation.labels, strict=True))
    rows = [
        [f"  {words[p.one]}", words[p.two], _signed(p.spearman), _interval(p.spearman), f"{p.n:,}", _p(p.q)]
        for p in [pair for pair in correlation.pairs if not pair.kin][:MOST_PAIRS]
    ]
    if rows:
        print_table(["  quantity", "quantity", "rank correlation", "95%", "pairs", "p, corrected"], rows, left=2)
    click.echo(f"  {correlation.note}")


def _signed(effect) -> str:
    return decimal(effect.value, 2, signed=True)


def _interval(effect) -> str:
    return f"{decimal(effect.low, 2)} to {decimal(effect.high, 2)}"


def _p(p: float) -> str:
    return "<0.001" if p < 0.001 else f"{p:.3f}"


_PRINT = {
    "dose": ("From delivery to satisfaction to repeat purchase", _show_dose),
    "satisfaction": ("Satisfaction taken apart", _show_satisfaction),
    "churn": ("Who stays away", _show_churn),
    "correlation": ("What goes together", _show_correlation),
}
