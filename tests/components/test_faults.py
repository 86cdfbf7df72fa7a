"""What goes wrong outside a view reaches the visitor as one sentence."""

from __future__ import annotations

import pytest
from bokeh.document import Document
from panel.io.state import set_curdoc

from components.faults import SLIP, listen, told
from components.island import Island
from engine.errors import EngineError


def _fail(error: Exception):
    def say(message: dict) -> None:
        raise error

    return say


def test_a_failing_callback_is_said_and_a_fault_of_ours_logged(caplog):
    doc, heard, island = Document(), [], Island()
    listen(doc, heard.append)
    with set_curdoc(doc):
        island.say = _fail(EngineError("No region named 'Nort'."))
        island._handle_msg({"any": 1})
        assert not caplog.records
        island.say = _fail(ZeroDivisionError("division"))
        island._handle_msg({"any": 1})
    assert heard == ["No region named 'Nort'.", SLIP]
    assert "division" in caplog.text


def test_without_a_listener_the_error_goes_on():
    with pytest.raises(ZeroDivisionError), told():
        raise ZeroDivisionError
    with set_curdoc(Document()), pytest.raises(ZeroDivisionError), told():
        raise ZeroDivisionError
