"""The shorter way through Bokeh's models gives the same answers as Bokeh's own."""

from __future__ import annotations

import bokeh.models
import pytest
from bokeh.core.has_props import HasProps
from bokeh.core.property.descriptors import UnsetValueError
from bokeh.document import Document
from bokeh.model import Model, util
from bokeh.plotting import figure

from components import lean
from components.live_chart import copied, template
from components.warm import blueprints

CLASSES = sorted(
    {c for c in vars(bokeh.models).values() if isinstance(c, type) and issubclass(c, Model)}, key=lambda c: c.__name__
)


def _made(cls: type[Model]) -> Model | None:
    try:
        return cls()
    except Exception:  # abstract, or needs arguments: nothing of it can be on a page
        return None


def _answer(ask, model: Model) -> object:
    try:
        return ask(model, lambda descriptor: descriptor.serialized, include_defaults=False)
    except UnsetValueError:
        return UnsetValueError


def _visited(visit, model: Model) -> list[str]:
    found: list[str] = []
    try:
        visit(model, lambda other: found.append(other.id))
    except UnsetValueError:
        return ["unset"]
    return found


def _figure() -> Model:
    made = figure(title="A title", x_axis_type="datetime", tools="hover,tap,pan")
    made.line([1, 2], [3, 4], line_color="red")
    made.scatter(x="x", y="y", source=bokeh.models.ColumnDataSource({"x": [1], "y": [2]}))
    return made


def test_it_is_in_place_for_the_pinned_version():
    assert lean.apply()
    assert HasProps.query_properties_with_values is lean.ask_set
    assert util.visit_immediate_value_references is lean.visit_set


@pytest.mark.filterwarnings("ignore::bokeh.util.warnings.BokehDeprecationWarning")
def test_every_kind_of_model_answers_the_same():
    compared = 0
    for cls in CLASSES:
        model = _made(cls)
        if model is None:
            continue
        assert _answer(lean.ask_set, model) == _answer(lean.ask_all, model), cls
        assert _visited(lean.visit_set, model) == _visited(lean.visit_all, model), cls
        compared += 1
    assert compared > 200


@pytest.mark.parametrize("make", [_figure, *(lambda b=b: copied(template(b)) for b in blueprints())])
def test_whole_figures_are_sent_the_same(make, monkeypatch):
    document = Document()
    document.add_root(make())
    lean_text = document.to_json(deferred=False)
    monkeypatch.setattr(HasProps, "query_properties_with_values", lean.ask_all)
    monkeypatch.setattr(util, "visit_immediate_value_references", lean.visit_all)
    assert document.to_json(deferred=False) == lean_text
    assert {m.id for m in document.roots[0].references()} == {m.id for m in document.models}


def test_another_version_of_bokeh_is_left_alone(monkeypatch):
    monkeypatch.setattr(bokeh, "__version__", "99.0")
    assert not lean.apply()
