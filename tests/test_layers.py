"""The floors keep their order, and the pins agree wherever they are written."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("data", "engine", "components", "dashboards")
SCREEN = {"panel", "panel_material_ui", "holoviews", "hvplot", "bokeh", "tornado"}
SOURCES = sorted(p for floor in FLOORS for p in (ROOT / floor).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """First names of all modules a file imports, inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_file_imports_only_from_its_own_floor_and_those_below(path):
    floor = path.relative_to(ROOT).parts[0]
    above = set(FLOORS[FLOORS.index(floor) + 1 :])
    assert not imported(path) & above
    if floor in ("data", "engine"):
        assert not imported(path) & SCREEN


def test_the_import_contract_holds():
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def pins(lines) -> dict[str, str]:
    found = (re.match(r"([A-Za-z0-9_.-]+)==(\S+)$", line.strip()) for line in lines)
    return {m[1].lower().replace("_", "-"): m[2] for m in found if m}


@pytest.fixture(scope="module")
def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_every_direct_dependency_is_pinned_and_stands_in_the_constraints(project):
    wanted = [*project["project"]["dependencies"], *sum(project["project"]["optional-dependencies"].values(), [])]
    direct, all_pins = pins(wanted), pins((ROOT / "constraints.txt").read_text().splitlines())
    assert len(direct) == len(set(w.split("==")[0].lower() for w in wanted)), "a dependency without =="
    assert direct == {name: all_pins.get(name) for name in direct}


def test_conda_users_get_the_same_versions():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    (pip,) = [d["pip"] for d in environment["dependencies"] if isinstance(d, dict)]
    assert "-c constraints.txt" in pip and any(line.startswith("-e .") for line in pip)
    others = [d for d in environment["dependencies"] if isinstance(d, str)]
    assert {re.split("[=<>]", d)[0] for d in others} == {"python", "pip"}, "versions belong in constraints.txt"


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt", "environment.yml", "Makefile", ".ci/run"])
def test_no_configuration_names_a_package_index(name):
    text = (ROOT / name).read_text()
    assert not re.search(r"index-url|find-links|https?://(?!localhost)\S*(simple|pypi|packages)", text)
