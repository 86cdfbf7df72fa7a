"""Run the command line as a person does: a process, its output, its exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("shoplight")


@pytest.fixture(scope="session")
def shoplight(tmp_path_factory) -> Callable[..., subprocess.CompletedProcess]:
    """`shoplight(*arguments)` in a process of its own, away from the checkout and with a home of its own."""
    home = tmp_path_factory.mktemp("home")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("SHOPLIGHT", "XDG"))}
    environment |= {"HOME": str(home)}

    def run(*arguments) -> subprocess.CompletedProcess:
        command = [str(COMMAND), *map(str, arguments)]
        return subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=False)

    return run
