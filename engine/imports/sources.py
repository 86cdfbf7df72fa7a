"""Which files an import takes, and what each of them is by content, not by name."""

from __future__ import annotations

import gzip
import os
import stat
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from engine.errors import ImportRefused, did_you_mean

# A folder of exports has tens of files; more is a wrong folder (a home directory, a disk).
MOST_FILES = 500
# Repetitive exports compress 30 to 60 times; a bomb of zeros 1,000 times. Small files may do what they like.
MOST_RATIO = 250
RATIO_COUNTS_FROM = 64 << 20
MOST_BYTES = 32 << 30

IMPORTABLE = (".csv", ".tsv", ".txt", ".tab", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".parquet", ".gz")

# What else is often given a table's name: the first bytes, and what to call it.
FOREIGN = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"\x7fELF", "a program"),
)
MARKUP = ((b"<!doctype html", "a web page"), (b"<html", "a web page"), (b"<?xml", "an XML document"))


@dataclass(frozen=True)
class Source:
    """One file to read.

    Parameters
    ----------
    path : where it is
    name : how reports call it
    kind : "text", "sheet" or "parquet", by content
    zipped : whether the content is inside gzip
    named : whether the person named it, rather than its folder
    """

    path: Path
    name: str
    kind: str
    zipped: bool
    named: bool

    def open(self) -> BinaryIO:
        """The bytes of the table itself, unpacked."""
        return _Guarded(self) if self.zipped else self.path.open("rb")

    @contextmanager
    def on_disk(self) -> Iterator[Path]:
        """A path whose content is not compressed, for readers that need to seek."""
        if not self.zipped:
            yield self.path
            return
        with TemporaryDirectory(prefix="shoplight-") as folder:
            plain = Path(folder) / self.path.stem
            with self.open() as packed, plain.open("wb") as target:
                while block := packed.read(1 << 20):
                    target.write(block)
            yield plain


class _Guarded:
    """Gzip content that stops with a sentence when it is cut off, broken or a bomb."""

    def __init__(self, source: Source) -> None:
        self._name = source.name
        self._packed_size = max(1, source.path.stat().st_size)
        self._file = gzip.GzipFile(source.path, "rb")
        self._seen = 0

    def read(self, size: int = -1) -> bytes:
        try:
            block = self._file.read(size)
        except EOFError as error:
            raise ImportRefused(f"{self._name} is cut off: its gzip content has no end. Fetch it again.") from error
        except (OSError, ValueError, gzip.zlib.error) as error:
            raise ImportRefused(f"{self._name} is damaged: its gzip content cannot be unpacked ({error}).") from error
        self._seen += len(block)
        if self._seen > RATIO_COUNTS_FROM and self._seen > MOST_RATIO * self._packed_size:
            raise ImportRefused(
                f"{self._name} unpacks to more than {MOST_RATIO} times its {self._packed_size:,} bytes: "
                "no export does that, it looks like a decompression bomb. Unpack it yourself if it is genuine."
            )
        return block

    def __enter__(self) -> _Guarded:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()


def find(paths: Iterable[str | os.PathLike[str]]) -> tuple[list[Source], list[str]]:
    """The files to read, and a sentence for each file of a folder that is passed over.

    A file that was named and cannot be read is refused; the same file met in a folder is passed over.
    """
    sources: list[Source] = []
    passed: list[str] = []
    seen: set[Path] = set()
    for given in paths:
        path = Path(given)
        for file, named in _files(path):
            real = file.resolve()
            if real in seen:
                passed.append(f"{_short(file, path)} was given twice and is read once.")
                continue
            seen.add(real)
            try:
                sources.append(_source(file, _short(file, path), named=named))
            except ImportRefused as refused:
                if named:
                    raise
                passed.append(f"Passed over: {refused}")
    if not sources:
        where = ", ".join(str(p) for p in paths) or "nothing"
        reason = f" ({passed[0]})" if passed else ""
        raise ImportRefused(f"There is no table to import in {where}{reason}. Give CSV, Excel or Parquet files.")
    return sources, passed


def _short(file: Path, root: Path) -> str:
    """The name in reports; bytes of another encoding in it (a folder unpacked on another system) are marked."""
    name = file.name if file == root else str(file.relative_to(root))
    return os.fsencode(name).decode("utf-8", "replace")


def _files(path: Path) -> Iterator[tuple[Path, bool]]:
    mode = _mode(path)
    if stat.S_ISDIR(mode):
        yield from ((file, False) for file in _walk(path))
    elif stat.S_ISREG(mode):
        yield path, True
    else:
        raise ImportRefused(f"{path} is no regular file but a pipe, socket or device. Save the data to a file first.")


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except FileNotFoundError as error:
        if path.is_symlink():
            raise ImportRefused(f"{path} is a link to {os.readlink(path)!r}, which does not exist.") from error
        near = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        raise ImportRefused(f"There is no file {str(path)!r}.{did_you_mean(path.name, near)}") from error
    except PermissionError as error:
        raise ImportRefused(f"{path} may not be read by this user. Change its permissions.") from error
    except (OSError, ValueError) as error:
        reason = "is a link that leads back to itself" if getattr(error, "errno", 0) == 40 else f"is unusable ({error})"
        raise ImportRefused(f"{path} {reason}.") from error


def _walk(folder: Path) -> Iterator[Path]:
    count = 0
    for home, folders, files in os.walk(folder, followlinks=False):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(files):
            file = Path(home) / name
            if name.startswith(".") or file.suffix.lower() not in IMPORTABLE or not file.is_file():
                continue
            count += 1
            if count > MOST_FILES:
                raise ImportRefused(f"{folder} holds more than {MOST_FILES} files. Name the ones to import.")
            yield file


def _source(path: Path, name: str, *, named: bool) -> Source:
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise ImportRefused(f"{name} cannot be read ({error.strerror}).") from error
    if not head:
        raise ImportRefused(f"{name} is empty (0 bytes).")
    zipped = head.startswith(b"\x1f\x8b")
    source = Source(path, name, "text", zipped, named)
    if zipped:
        with source.open() as content:
            head = content.read(4096)
        if not head:
            raise ImportRefused(f"{name} is empty: its gzip content has 0 bytes.")
        if head.startswith(b"\x1f\x8b"):
            raise ImportRefused(f"{name} is gzip inside gzip. Unpack it once.")
    return Source(path, name, _kind(source, head), zipped, named)


def _kind(source: Source, head: bytes) -> str:
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04"):
        return _archive(source)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "sheet"
    for start, what in FOREIGN:
        if head.startswith(start):
            raise ImportRefused(f"{source.name} is {what}, whatever its name says. Export the data as CSV or Excel.")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for mark, what in MARKUP:
        if start.startswith(mark):
            raise ImportRefused(f"{source.name} is {what}, not a table. Export the data as CSV or Excel.")
    if start[:1] == b"{" or start[:2] in (b"[{", b"[\n", b"[\r"):
        raise ImportRefused(f"{source.name} is JSON, not a table. Export the data as CSV, Excel or Parquet.")
    if not start:
        raise ImportRefused(f"{source.name} is empty: it holds only blanks and line breaks.")
    return "text"


def _archive(source: Source) -> str:
    with source.on_disk() as plain:
        try:
            with zipfile.ZipFile(plain) as archive:
                names = set(archive.namelist())
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            raise ImportRefused(f"{source.name} is a damaged or cut off spreadsheet or archive ({error}).") from error
    if names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
        return "sheet"
    raise ImportRefused(f"{source.name} is a zip archive. Unpack it and import the files inside.")
