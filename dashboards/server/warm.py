"""Pay before the first visitor comes: imports, the snapshot, packed scripts, one whole visit."""

from __future__ import annotations

import logging
from pathlib import Path

import panel as pn
from bokeh.document import Document
from panel.io.document import _cleanup_doc
from panel.io.state import set_curdoc

from components.slow_view import ahead
from components.state import AppState
from dashboards.server import static
from dashboards.shell.menu import pages
from engine.errors import EngineError
from engine.snapshot import current

log = logging.getLogger("shoplight.dashboards")


def warm(path: Path) -> None:
    """Load what every visit needs and build each page once, for nobody."""
    pn.extension()
    current(path)
    static.warm()
    for page in pages():
        doc = Document()
        with set_curdoc(doc):
            try:
                state = AppState(path=path)
                if page.first is not None:
                    page.first(state)
                with ahead():
                    pn.Column(page.build(state)).server_doc(doc, location=False)
                doc.to_json()
            except EngineError as error:
                log.info("%s says: %s", page.name, error)
            except Exception:
                # One page with a fault of ours must not keep the others from being served.
                log.exception("the page %s could not be built", page.name)
        _cleanup_doc(doc, destroy=True)
