"""A file in a folder is enough to be found."""

import sys

from engine.registry import modules


def test_modules_are_found_by_name_without_private_ones_and_rooms(tmp_path, monkeypatch):
    home = tmp_path / "found_here"
    (home / "room").mkdir(parents=True)
    for name in ("__init__.py", "beta.py", "alpha.py", "_hidden.py", "room/__init__.py"):
        (home / name).write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    assert [m.__name__ for m in modules("found_here")] == ["found_here.alpha", "found_here.beta"]
    sys.modules.pop("found_here")
