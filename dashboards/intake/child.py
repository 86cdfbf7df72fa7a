"""The process that reads files, apart from the server: `python -m dashboards.intake.child`.

It takes one job as JSON on its input and says what happens as one JSON object a line: any number of
`{"progress": [what, done, of]}`, then one of `{"answer": ...}`, `{"refused": sentence}`, `{"fault": sentence}`.
"""

from __future__ import annotations

import json
import sys
from typing import Any, TextIO


def main(source: TextIO, out: TextIO) -> int:
    """Do the one job and say how it went."""

    def say(**what: Any) -> None:
        out.write(json.dumps(what, default=str) + "\n")
        out.flush()

    from engine.errors import EngineError

    try:
        job = json.load(source)
        say(answer=_WAYS[job.pop("do")](job, say))
    except EngineError as error:
        say(refused=str(error))
    except Exception as error:
        say(fault=f"The import met an error of ours ({type(error).__name__}); nothing was stored.")
        raise
    return 0


def _preview(job: dict, say) -> dict:
    from engine.imports import preview

    return preview(
        job["paths"],
        mapping=job.get("mapping") or None,
        day_first=job.get("day_first"),
        decimal=job.get("decimal") or None,
    ).to_dict()


def _import(job: dict, say) -> dict:
    from engine.imports import import_paths

    report = import_paths(
        job["paths"],
        job["db"],
        mapping=job.get("mapping") or None,
        day_first=job.get("day_first"),
        decimal=job.get("decimal") or None,
        currency=job.get("currency") or None,
        progress=lambda what, done, of: say(progress=[what, done, of]),
    )
    return report.to_dict()


def _undo(job: dict, say) -> dict:
    from engine.store import Store

    with Store.open(job["db"]).writer() as writer:
        return {"data_version": writer.undo(int(job["load_id"]))}


_WAYS = {"preview": _preview, "import": _import, "undo": _undo}


if __name__ == "__main__":
    sys.exit(main(sys.stdin, sys.stdout))
