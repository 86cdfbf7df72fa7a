"""Look at a path before SQLite does: what is refused here is never touched."""

from __future__ import annotations

import os
from pathlib import Path

from engine.errors import StoreError
from engine.store.sentences import NOT_OURS, READ_ONLY, RESTORE

# "Shop" in ASCII; written into the header of every database of ours.
APPLICATION_ID = 0x53686F70
_MAGIC = b"SQLite format 3\x00"
_HEADER_BYTES = 100

# Write-ahead logging shares memory between processes of one host: over these, two hosts would
# each believe to be alone (https://www.sqlite.org/wal.html, section 1).
NETWORK_FILESYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "afs", "ceph", "glusterfs"})


def as_path(path: str | os.PathLike[str]) -> Path:
    """The absolute path of a database; StoreError where the text is an address or no path at all."""
    text = os.fspath(path)
    if "://" in text:
        raise StoreError(
            f"{text} is an address, not a file. Give the path of a file on this computer, such as shop.db."
        )
    if not text or "\x00" in text:
        raise StoreError(f"{text!r} is no file name. Give the path of a file on this computer, such as shop.db.")
    return Path(text).expanduser().absolute()


def check_new(path: Path) -> None:
    """Refuse a place where no database can be made."""
    parent = path.parent
    if not parent.is_dir():
        raise StoreError(f"There is no folder {parent} to make {path.name} in. Make it first, or choose another path.")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise StoreError(
            f"The folder {parent} is read-only, so {path.name} cannot be made there. Choose another folder."
        )
    _check_local(path)


def check_file(path: Path) -> None:
    """Refuse what is no database of ours, without opening it as one."""
    if path.is_dir():
        raise StoreError(f"{path} is a folder, not a database. Give the path of a file, such as {path / 'shop.db'}.")
    if not path.exists():
        raise StoreError(
            f"There is no database {path}. Check the path, or make one with `shoplight import FILE --db {path.name}`."
        )
    header = _header(path)
    if not header:
        raise StoreError(
            f"{path} is empty (0 bytes): it was cut off, or another program made it. Delete it to start anew."
        )
    if not header.startswith(_MAGIC):
        raise StoreError(NOT_OURS.format(path=path))
    if len(header) < _HEADER_BYTES:
        raise StoreError(f"{path} is damaged: it ends after {len(header)} bytes. {RESTORE}")
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise StoreError(
            f"{path} is an SQLite database of another program. Choose another file, or import into a new one."
        )
    _check_local(path)


def check_writable(path: Path) -> None:
    """Refuse to write where SQLite could not: it needs the file and, for its log, the folder."""
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK | os.X_OK)):
        raise StoreError(READ_ONLY.format(path=path))


def _header(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_HEADER_BYTES)
    except PermissionError as error:
        raise StoreError(f"{path} may not be read: permission denied. Give yourself the right to read it.") from error
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}.") from error


def _check_local(path: Path) -> None:
    kind = filesystem(path)
    if kind in NETWORK_FILESYSTEMS:
        raise StoreError(
            f"{path} is on a network drive ({kind}), where the database is not safe. Keep it on a local disk."
        )


def filesystem(path: Path, mounts: Path = Path("/proc/self/mountinfo")) -> str | None:
    """The kind of file system a path is on, where the system tells (Linux)."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
        real = os.path.realpath(path)
    except OSError:
        return None
    best, kind = "", None
    for line in lines:
        before, _, after = line.partition(" - ")
        point = before.split(" ")[4].replace("\\040", " ")
        if len(point) >= len(best) and (real == point or real.startswith(point.rstrip("/") + "/")):
            best, kind = point, after.split(" ")[0]
    return kind
