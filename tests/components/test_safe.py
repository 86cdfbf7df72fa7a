"""Text from the data, made fit for panes that read HTML."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.safe import LONGEST, plain, safe
from tests.components.shops import HOSTILE


class _Reader(HTMLParser):
    """Reads HTML as a browser would: text, and every tag that was understood as one."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.text += data


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


@settings(max_examples=400, deadline=None)
@given(st.text() | st.sampled_from(HOSTILE))
def test_html_made_of_any_text_shows_exactly_that_text(text):
    read = _read(safe(text))
    assert read.tags == []
    assert read.text == plain(text)


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_an_attribute_cannot_be_left(text):
    read = _read(f'<i title="{safe(text)}">x</i>')
    assert read.tags == ["i"] and read.text == "x"


@settings(max_examples=200, deadline=None)
@given(st.text(min_size=1, max_size=40))
def test_markdown_reads_nothing_into_it(text):
    import markdown_it

    shown = markdown_it.MarkdownIt().enable(["table"]).render(f"x {safe(text)} y")
    assert _read(shown).tags in (["p"], ["p", "br"])


@settings(max_examples=300, deadline=None)
@given(st.text())
def test_plain_text_is_one_line_that_can_be_sent(text):
    line = plain(text)
    assert not set(line) & set("\n\r\t\x00\u202e\u2066")
    assert len(line) <= LONGEST
    line.encode("utf-8")


@pytest.mark.parametrize(("text", "shown"), [("a\nb", "a b"), ("gnp\u202eexe.", "gnpexe."), ("  x ", "x"), (7, "7")])
def test_plain_text_reads_as_it_stands(text, shown):
    assert plain(text) == shown


def test_a_long_name_is_cut_with_an_ellipsis():
    assert plain("A" * 500, 10) == "A" * 9 + "…"
