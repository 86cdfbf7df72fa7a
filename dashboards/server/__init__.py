"""The one place a server is started: `serve(path)`. Accounts will be added here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def serve(
    path: Path | str | None = None,
    *,
    port: int = 5006,
    address: str = "localhost",
    origins: Sequence[str] = (),
    show: bool = False,
    allow_imports: bool | None = None,
) -> None:
    """Serve a shop's pages until the process is told to stop.

    Parameters
    ----------
    path : the database; None for the one of SHOPLIGHT_DB, else the demo shop
    port : 0 takes a free one
    address : where to listen
    origins : further `host[:port]` names that browsers may come from, behind a proxy
    show : open a browser
    allow_imports : whether visitors may load files and take loads back; None allows it where only this
        machine can reach the server

    Raises
    ------
    EngineError
        one sentence: the port is taken, the address is not ours, the database cannot be read
    """
    from dashboards.server.secret import prepare

    prepare()
    from dashboards.server.run import Options, run

    run(
        Options(
            path=path,
            port=port,
            address=address,
            origins=tuple(origins),
            show=show,
            allow_imports=allow_imports,
        )
    )
