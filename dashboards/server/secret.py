"""Sign every session: the key is made anew at each start unless the environment gives one."""

from __future__ import annotations

import os
import secrets

# Bokeh binds both as defaults of its functions when it is imported, so they must stand before that.
KEY = "BOKEH_SECRET_KEY"
SIGN = "BOKEH_SIGN_SESSIONS"
OURS = "SHOPLIGHT_SECRET_KEY"


def prepare() -> bytes:
    """Put the signing key into the environment, before Bokeh is imported, and give it back.

    SHOPLIGHT_SECRET_KEY wins, then BOKEH_SECRET_KEY; without either a random one lives as long as the
    process, and pages opened before a restart simply reconnect with a new session.
    """
    key = os.environ.get(OURS) or os.environ.get(KEY) or secrets.token_urlsafe(48)
    os.environ[KEY] = key
    os.environ[SIGN] = "yes"
    return key.encode()


def without_secrets() -> dict[str, str]:
    """The environment for a child process that has no business with the key."""
    return {name: value for name, value in os.environ.items() if name not in (KEY, OURS)}
