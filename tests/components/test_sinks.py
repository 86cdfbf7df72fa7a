"""No view hands text from the data to something that reads HTML, except through `safe`."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[2]
SOURCES = sorted([*(HERE / "components").rglob("*.py"), *(HERE / "dashboards").rglob("*.py")])
SCRIPTS = sorted([*(HERE / "components").rglob("*.js"), *(HERE / "dashboards").rglob("*.js")])

# Measured in Chromium: each of these runs `<img onerror>` given to it as text.
EXECUTING = {
    "HTML", "Str", "Markdown", "Alert", "StaticText", "Div", "Paragraph", "Card", "Accordion", "Number", "Trend",
    "ChatMessage", "TooltipIcon", "Tooltip", "MultiChoice", "PreText", "Tabulator", "DataFrame", "Typography",
}  # fmt: skip
METHODS = {"info", "success", "warning", "error", "send"}
PARAMETERS = {"title", "description", "titles", "groupby", "tooltips", "formatters"}

# Text that is safe as it stands: made by our own functions from constants and escaped parts.
TRUSTED_CALLS = {"safe", "tooltip", "Markup"}


def _is_constant(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.JoinedStr):
        return all(_is_constant(v.value if isinstance(v, ast.FormattedValue) else v) for v in node.values)
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return name in TRUSTED_CALLS
    if isinstance(node, ast.Name):
        return node.id.isupper()
    if isinstance(node, (ast.BinOp,)):
        return _is_constant(node.left) and _is_constant(node.right)
    if isinstance(node, (ast.List, ast.Tuple)):
        return all(map(_is_constant, node.elts))
    return False


def findings(source: str) -> list[str]:
    """Calls and assignments that put something other than a constant or `safe(...)` into an executing sink."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            found += _in_call(node)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Attribute) and target.attr == "tooltips" and not _is_constant(node.value):
                    found.append(f"line {node.lineno}: tooltips")
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and re.search(r"@(\w+|\{[^}]+\})\{safe\}", node.value)
        ):
            found.append(f"line {node.lineno}: a hover template with {{safe}}")
    return found


def _in_call(node: ast.Call) -> list[str]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    owner = ast.unparse(node.func.value) if isinstance(node.func, ast.Attribute) else ""
    given: list[ast.AST] = []
    if name in EXECUTING and owner != "pd":
        given = [*node.args[:1], *(k.value for k in node.keywords if k.arg in PARAMETERS | {"object", "text", "value"})]
    elif name in METHODS and owner.endswith("notifications"):
        given = node.args[:1]
    return [f"line {node.lineno}: {name}" for value in given if not _is_constant(value)]


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(HERE)))
def test_executing_sinks_get_constants_or_safe_text(path):
    assert findings(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "pn.pane.Markdown(name)",
        "pn.pane.HTML(f'<b>{row.label}</b>')",
        "pn.pane.Alert(object=label)",
        "pn.Card(title=label)",
        "pn.state.notifications.error(str(error))",
        "bokeh.models.Div(text=name)",
        "tool.tooltips = f'<b>{name}</b>'",
        "x = '@name{safe}'",
    ],
)
def test_the_rule_sees_a_sink(source):
    assert findings(source)


@pytest.mark.parametrize(
    "source",
    ["pn.pane.HTML('<b>x</b>')", "pn.pane.HTML(f'<b>{safe(name)}</b>')", "tool.tooltips = tooltip(rows, dark)",
     "log.error(name)"],
)  # fmt: skip
def test_the_rule_lets_the_boundary_pass(source):
    assert findings(source) == []


FORBIDDEN_IN_SCRIPTS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|srcdoc"
    r"|\beval\(|new Function|\.html\(|setHTML|javascript:"
)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: str(p.relative_to(HERE)))
def test_scripts_know_no_way_to_read_html(path):
    assert FORBIDDEN_IN_SCRIPTS.findall(path.read_text("utf-8")) == []
