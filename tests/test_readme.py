"""What the README promises can be typed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONSOLE = "\n".join(re.findall(r"```console\n(.*?)```", README, re.S))
COMMANDS = [line.split("#")[0].strip() for line in CONSOLE.splitlines() if "shoplight " in line.split("#")[0]]


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_shown_is_understood(line):
    from dashboards.cli import shoplight

    _, name, *arguments = shlex.split(line)
    command = shoplight.commands[name]
    command.make_context(name, arguments, resilient_parsing=False)


def test_the_targets_shown_exist():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"`?\bmake ([a-z]+)\b", CONSOLE)) <= targets
    assert {"serve", "test", "setup", "help", "bench"} <= targets


def test_the_files_and_pictures_it_points_to_exist():
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in link]
    assert links and all((ROOT / link).exists() for link in links)


def test_the_notebook_example_runs(shop_db):
    (code,) = re.findall(r"```python\n(.*?)```", README, re.S)
    names: dict = {}
    exec(compile(code.replace("shop.db", str(shop_db)), "README.md", "exec"), names)
    assert len(names["view"]) == 2 and names["view"].get_root() is not None


def test_the_commands_are_commands():
    from dashboards.cli import shoplight

    assert all(isinstance(command, click.Command) for command in shoplight.commands.values())
    assert set(shoplight.commands) >= {"demo", "import", "serve", "kpis", "drill"}
