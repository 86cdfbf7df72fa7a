"""Sessions are signed with a key that nobody chose."""

from __future__ import annotations

import json
import os
import subprocess
import sys

ASK = (
    "import json, os; from dashboards.server import secret; key = secret.prepare();"
    "from bokeh.util import token; import inspect;"
    "bound = inspect.signature(token.generate_session_id).parameters;"
    "print(json.dumps([key.decode(), bound['signed'].default, bound['secret_key'].default == key,"
    " sorted(secret.without_secrets())]))"
)


def _ask(**env: str) -> list:
    clean = {k: v for k, v in os.environ.items() if "SECRET_KEY" not in k and k != "BOKEH_SIGN_SESSIONS"}
    done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True, env=clean | env)
    return json.loads(done.stdout)


def test_each_start_has_a_long_random_key_that_bokeh_uses():
    one, other = _ask(), _ask()
    assert one[0] != other[0]
    assert len(one[0]) >= 60
    assert one[1] in (True, "yes")
    assert one[2] is True


def test_the_environment_may_give_the_key_and_ours_wins():
    assert _ask(BOKEH_SECRET_KEY="b" * 40)[0] == "b" * 40
    assert _ask(BOKEH_SECRET_KEY="b" * 40, SHOPLIGHT_SECRET_KEY="s" * 40)[0] == "s" * 40


def test_a_child_process_is_not_given_the_key():
    names = _ask(SHOPLIGHT_SECRET_KEY="s" * 40)[3]
    assert not [name for name in names if "SECRET" in name and name.startswith(("BOKEH", "SHOPLIGHT"))]
    assert "PATH" in names
