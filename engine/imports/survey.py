"""One pass over a text file before it is read: its fingerprint, encoding and line breaks."""

from __future__ import annotations

import codecs
import hashlib
from dataclasses import dataclass

from engine.errors import ImportRefused
from engine.imports.sources import MOST_BYTES, Source

BLOCK = 4 << 20
# Enough accented letters to tell western from central European and Cyrillic code pages.
SAMPLE_BYTES = 64 << 10
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CODE_PAGES = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "iso8859_2", "shift_jis", "gb18030", "big5", "euc_kr"]


@dataclass(frozen=True)
class Survey:
    """What one pass over the bytes found.

    Parameters
    ----------
    sha256 : fingerprint of the file as it lies on disk
    encoding : how its bytes become text
    size : bytes after unpacking
    lines : line breaks seen
    only_cr : whether lines end in a lone carriage return
    """

    sha256: str
    encoding: str
    size: int
    lines: int
    only_cr: bool


def fingerprint(source: Source) -> str:
    """sha256 of the file as it lies on disk."""
    with source.path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def survey(source: Source) -> Survey:
    """Read the file once; ImportRefused for what is no text."""
    with source.open() as file:
        head = file.read(BLOCK)
    encoding = next((name for mark, name in MARKS if head.startswith(mark)), None) or _wide(head) or "utf-8"
    wide = encoding.startswith(("utf-16", "utf-32"))
    size, lines, returns, foreign = _walk(source, encoding, wide)
    if foreign:
        encoding = _code_page(foreign)
    return Survey(fingerprint(source), encoding, size, lines, only_cr=not lines and returns > 0)


def _walk(source: Source, encoding: str, wide: bool) -> tuple[int, int, int, bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    size = lines = returns = 0
    foreign = bytearray()
    with source.open() as file:
        while block := file.read(BLOCK):
            size += len(block)
            if size > MOST_BYTES:
                raise ImportRefused(f"{source.name} holds more than {MOST_BYTES >> 30} GB. Split it.")
            if not wide and b"\x00" in block:
                line = lines + block.count(b"\n", 0, block.index(b"\x00")) + 1
                raise ImportRefused(f"{source.name}, line {line:,} holds a NUL byte: it is damaged or no text file.")
            lines += block.count(b"\n")
            returns += block.count(b"\r")
            if len(foreign) < SAMPLE_BYTES:
                decoder = _taste(decoder, block, foreign, source=source, wide=wide)
    _finish(decoder, foreign, source)
    return size, lines, returns, bytes(foreign)


def _taste(decoder, block: bytes, foreign: bytearray, *, source: Source, wide: bool):
    """Decode a block; keep the lines that are not what the encoding promises."""
    if foreign:
        foreign += _accented(block)
        return decoder
    try:
        decoder.decode(block)
    except UnicodeDecodeError as error:
        if wide:
            raise ImportRefused(
                f"{source.name} starts as {error.encoding} but does not keep to it: damaged."
            ) from error
        foreign += _accented(block)
    return decoder


def _finish(decoder, foreign: bytearray, source: Source) -> None:
    if foreign:
        return
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise ImportRefused(f"{source.name} is cut off: it ends inside a character. Fetch it again.") from error


def _accented(block: bytes) -> bytes:
    lines = (line for line in block.split(b"\n") if any(byte > 127 for byte in line))
    kept = bytearray()
    for line in lines:
        kept += line[:2000] + b"\n"
        if len(kept) > SAMPLE_BYTES:
            break
    return bytes(kept)


def _wide(head: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of western text is zero."""
    pairs = head[: 2000 - 2000 % 2]
    if len(pairs) < 8:
        return None
    if pairs[1::2].count(0) > 0.8 * len(pairs[1::2]) and 0 not in pairs[0::2]:
        return "utf-16-le"
    if pairs[0::2].count(0) > 0.8 * len(pairs[0::2]) and 0 not in pairs[1::2]:
        return "utf-16-be"
    return None


def _code_page(sample: bytes) -> str:
    """The code page of text that is not UTF-8; western where the sample reads as such."""
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=CODE_PAGES).best()
    guess = best.encoding if best else "latin-1"
    if guess in ("cp1250", "cp1254", "iso8859_2") and _mostly_western(sample):
        guess = "cp1252"
    try:
        sample.decode(guess)
    except UnicodeDecodeError:
        return "latin-1"
    return guess


# The letters and signs that western shops use: accents of French, German, Spanish, Portuguese, Nordic; currency.
WESTERN = set("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜàáâãäåæçèéêëìíîïñòóôõöøùúûüß£€’‘“”–—°®©½º«»´ \xa0")


def _mostly_western(sample: bytes) -> bool:
    letters = [c for c in sample.decode("cp1252", "replace") if ord(c) > 127]
    return bool(letters) and sum(c in WESTERN for c in letters) >= 0.95 * len(letters)
