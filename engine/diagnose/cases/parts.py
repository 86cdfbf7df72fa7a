"""The parts of a case: what each may hold, checked before it is kept and again when it is read."""

from __future__ import annotations

import json
import re
import secrets
import unicodedata
from collections.abc import Sequence
from typing import Any, NoReturn

from engine.diagnose.cases.values import DEEPEST, plain
from engine.errors import EngineError
from engine.store.cases import LONGEST_NOTE, LONGEST_QUESTION, LONGEST_TITLE

# 16 random bytes: nobody finds another's case by trying.
_BYTES = 16
_CASE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{15,63}", re.ASCII)
# Neither quotes nor brackets: a query comes url-encoded, and stands in pages and addresses.
_QUERY = re.compile(r"[A-Za-z0-9%&=+._~*,:;@!$()/?-]*", re.ASCII)
_CONTROL = frozenset({"Cc", "Cs"})


def new_id() -> str:
    """A random url-safe name; one that begins with a dash would be taken for an option on the command line."""
    while not _CASE_ID.fullmatch(found := secrets.token_urlsafe(_BYTES)):
        pass
    return found


def known(case_id: str) -> str:
    """The same id, where it has the form of one."""
    if not _CASE_ID.fullmatch(case_id):
        raise EngineError(f"{case_id[:80]!r} names no case; copy the whole of it from the list of cases.")
    return case_id


def title(text: str) -> str:
    """One line of some words."""
    found = line(text)
    if not found:
        raise EngineError("A case needs a title; write a few words.")
    return short("title", found, LONGEST_TITLE)


def note(text: str) -> str:
    """Lines of text as a person wrote them, without control characters."""
    lines = (_shown(part).rstrip() for part in re.split(r"\r\n|\r|\n", text))
    return short("note", "\n".join(lines).strip("\n"), LONGEST_NOTE)


def query(text: str) -> str:
    """A page's query, without `?` before it."""
    found = text.removeprefix("?")
    if not _QUERY.fullmatch(found):
        raise EngineError(f"{found[:80]!r} is no query of a page; take it from the page's address, after '?'.")
    return short("question", found, LONGEST_QUESTION)


def line(text: str) -> str:
    """One line: spaces and control characters joined to one space."""
    return " ".join(_shown(text).split())


def short(what: str, text: str, longest: int) -> str:
    """The same text, where it is not too long."""
    if len(text) > longest:
        raise EngineError(f"The {what} is too long ({len(text):,} letters, {longest:,} fit); say it in fewer words.")
    return text


def to_json(what: str, value: Any, *, largest: int) -> str:
    """Results as JSON, where they are not too large."""
    text = json.dumps(plain(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    size = len(text.encode())
    if size > largest:
        raise EngineError(
            f"The {what} is too large for a case ({size:,} bytes, {largest:,} fit); ask about fewer values or days."
        )
    return text


def from_json(text: str) -> Any:
    """What JSON holds; ValueError where it is none, or has a number that is none."""
    try:
        return json.loads(text, parse_constant=_no_number)
    except RecursionError:
        raise ValueError("it nests too deep") from None


def evidence(held: Any) -> tuple[tuple[str, ...], dict[str, Any]]:
    """The sentences and the results of evidence; ValueError where it is in another form."""
    if not isinstance(held, dict) or held.keys() != {"sentences", "results"}:
        raise ValueError("it has other parts than sentences and results")
    results = held["results"]
    if not isinstance(results, dict):
        raise ValueError("its results have no names")
    if _depth(results) > DEEPEST:
        raise ValueError("its results nest too deep")
    return texts(held["sentences"]), results


def texts(held: Any) -> tuple[str, ...]:
    """A list of sentences; ValueError where it holds something else."""
    if not isinstance(held, list) or not all(isinstance(value, str) for value in held):
        raise ValueError("a list of sentences holds something else")
    return tuple(held)


def _shown(text: str) -> str:
    return "".join(" " if unicodedata.category(c) in _CONTROL else c for c in text)


def _depth(value: Any) -> int:
    """How many levels of lists and dictionaries there are, looked at level by level."""
    depth, level = 0, [value]
    while level := [part for whole in level for part in _parts(whole)]:
        depth += 1
    return depth


def _parts(value: Any) -> Sequence[Any]:
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else ()


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
