"""An explanation as JSON for machines and as sentences and tables for people."""

from __future__ import annotations

from dataclasses import asdict

import click

from dashboards.cli._options import figure
from dashboards.cli._table import print_table
from engine.diagnose.explanation import Explanation, Named
from engine.diagnose.factors import Factors
from engine.diagnose.sentences import sentences
from engine.dimensions import DIMENSIONS
from engine.metrics import metric as metric_named

MOST_ROWS = 8


# ---------------------------------------------------------------- for machines


def as_answer(found: Explanation) -> dict:
    """The explanation as JSON, after what every answer begins with."""
    unit = metric_named(found.metric).unit
    return {
        "metric": found.metric,
        "value": figure(found.value, unit),
        "comparison_value": figure(found.comparison, unit),
        "change": None if found.change is None else asdict(found.change),
        "note": found.note,
        "normal": None if found.usual is None else asdict(found.usual),
        "normal_noted": found.usual_noted,
        "problems": [_problem(problem) for problem in found.problems],
        "splits": [_split(split) for split in found.splits],
        "factors": _factors(found.factors),
        "factors_net": _factors(found.factors_net),
        "merged": list(found.factors.merged) if found.factors else [],
        "causes": [_cause(cause) for cause in found.causes],
        "causes_noted": list(found.causes_noted),
        "ruled_out": [asdict(one) for one in found.ruled_out],
        "large_order": _order(found.large_order),
        "sentences": list(sentences(found)),
    }


def _problem(problem) -> dict:
    days = problem.days and {"start": problem.days.start.isoformat(), "end": problem.days.last.isoformat()}
    plain = ("kind", "label", "sentence", "rows", "money", "score", "blocks_cause")
    examples = [asdict(example) for example in problem.examples]
    fields = {name: getattr(problem, name) for name in plain}
    return fields | {"where": dict(problem.where), "days": days, "examples": examples}


def _split(split) -> dict:
    plain = ("axis", "value", "comparison", "change", "hidden", "overlap", "rate", "mix", "reversal", "note")
    parts = [_part(part) for part in split.parts]
    others = None if split.others is None else _part(split.others)
    return {name: getattr(split, name) for name in plain} | {"parts": parts, "others": others}


def _part(part) -> dict:
    plain = ("key", "label", "value", "comparison", "contribution", "share", "rate", "mix")
    moved = part.moved
    judged = {name: getattr(moved, name) if moved else None for name in ("low", "high", "p", "tag")}
    return {name: getattr(part, name) for name in plain} | judged | {"unusual": part.unusual and part.unusual.tag}


def _factors(found: Factors | None) -> list[dict]:
    return [] if found is None else [asdict(part) for part in found.parts]


def _cause(cause: Named) -> dict:
    left = ("where", "since", "until", "factors", "large_order")
    fields = {name: value for name, value in vars(cause).items() if name not in left}
    days = {name: day.isoformat() if (day := getattr(cause, name)) else None for name in ("since", "until")}
    more = {"factors": _factors(cause.factors), "large_order": _order(cause.large_order)}
    return {"where": dict(cause.where)} | fields | days | more


def _order(order) -> dict | None:
    return None if order is None else asdict(order) | {"day": order.day.isoformat()}


# ---------------------------------------------------------------- for people


def print_explanation(found: Explanation) -> None:
    """The sentences, then what they are taken from."""
    for sentence in sentences(found):
        click.echo(sentence)
    if found.factors and found.factors.parts:
        _print_factors(found)
    by_value = next((split for split in found.splits if split.axis in DIMENSIONS), None)
    if by_value:
        _print_split(found, by_value)
    if found.causes:
        _print_causes(found)
    _print_notes(found)


def _write(found: Explanation):
    from components import theme

    unit = metric_named(found.metric).unit
    return lambda value: theme.number(value, unit, found.currency, exact=True)


def _print_factors(found: Explanation) -> None:
    from components import theme

    write = _write(found)
    rows = [
        [part.label, *(theme.number(v, part.unit, found.currency, exact=True) for v in (part.comparison, part.value)),
         write(part.contribution), _share(part.share)]
        for part in found.factors.parts
    ]  # fmt: skip
    click.echo()
    print_table(["Factor", "before", "now", "contribution", "share"], rows, left=1)


def _print_split(found: Explanation, split) -> None:
    write = _write(found)
    parts = [*split.parts[:MOST_ROWS], *([split.others] if split.others and len(split.parts) <= MOST_ROWS else [])]
    rows = [
        [part.label, write(part.comparison), write(part.value), write(part.contribution), _share(part.share),
         part.tag or ""]
        for part in parts
    ]  # fmt: skip
    click.echo()
    print_table([DIMENSIONS[split.axis].label, "before", "now", "contribution", "share", ""], rows, left=1)
    if split.overlap:
        click.echo(f"In several of them: {write(split.overlap)}")


def _print_causes(found: Explanation) -> None:
    write = _write(found)
    rows = [
        [cause.label, write(cause.comparison), write(cause.value), write(cause.deviation), _share(cause.share),
         f"{cause.score:.2f}", cause.since.isoformat() if cause.since else ""]
        for cause in found.causes
    ]  # fmt: skip
    click.echo()
    print_table(["Cause", "before", "now", "unlike the rest", "share", "score", "since"], rows, left=1)


def _print_notes(found: Explanation) -> None:
    lines = [f"Ruled out: {_ruled(one)}" for one in found.ruled_out]
    lines += [f"{problem.label}: {problem.sentence}" for problem in found.problems if problem not in found.blocking[:1]]
    lines += [*(found.factors.merged if found.factors else ()), *found.causes_noted]
    lines += [found.usual_noted] if found.usual_noted else []
    if lines:
        click.echo()
    for line in dict.fromkeys(lines):
        click.echo(line)


def _ruled(one) -> str:
    from components import theme

    told = [f"{value.label} {theme.change(value.relative)}" for value in one.values[:MOST_ROWS]]
    return f"{one.label} ({', '.join(told)})"


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


def print_located(located) -> None:
    """The causes of a table's deviations, and what a reader has to know."""
    rows = [
        [" & ".join(f"{name}={value}" for name, value in cause.where), f"{cause.expected:,.2f}", f"{cause.actual:,.2f}",
         f"{cause.share:.1%}", f"{cause.score:.3f}"]
        for cause in located.causes
    ]  # fmt: skip
    if rows:
        print_table(["Cause", "expected", "actual", "share", "score"], rows, left=1)
    for note in located.notes:
        click.echo(note)
