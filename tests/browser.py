"""Find a Chromium for the browser tests, or install one: `python -m tests.browser --install`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

# Without the background flags Chromium calls home at every start, which a closed network refuses and an
# open one would hide.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find() -> str | None:
    """Path of an installed Chromium: named by SHOPLIGHT_CHROMIUM, on the path, or Playwright's own."""
    named = os.environ.get("SHOPLIGHT_CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    for name in NAMES:
        found = shutil.which(name)
        if found and _starts(found):
            return found
    return _playwrights_own()


def _starts(path: str) -> bool:
    """Whether it is a browser: Ubuntu's /usr/bin/chromium-browser may only tell to install a snap."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _playwrights_own() -> str | None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> str | None:
    """Install one: the system's package first, else Playwright's own build; the path, or None."""
    for attempt in (_from_system, _from_playwright):
        attempt()
        if found := find():
            return found
    return None


def _from_system() -> None:
    if not shutil.which("apt-get"):
        return
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if prefix and not shutil.which("sudo"):
        return
    quiet = {"stdout": subprocess.DEVNULL, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.run([*prefix, "apt-get", "update", "-qq"], check=False, **quiet)
    subprocess.run([*prefix, "apt-get", "install", "-y", "-qq", "chromium"], check=False, **quiet)


def _from_playwright() -> None:
    for extra in (["--with-deps"], []):
        done = subprocess.run([sys.executable, "-m", "playwright", "install", *extra, "chromium"], check=False)
        if done.returncode == 0:
            return


def main() -> int:
    """Print the browser's path; with --install, get one where there is none."""
    found = find() or (install() if "--install" in sys.argv else None)
    if found is None:
        print(
            "No Chromium found. Install it (Debian: apt-get install chromium) or name one in SHOPLIGHT_CHROMIUM.",
            file=sys.stderr,
        )
        return 1
    print(f"Browser for the tests: {found}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
