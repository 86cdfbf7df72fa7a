"""Look at a path before SQLite does: what is refused here is never touched."""

from __future__ import annotations

import os
from pathlib import Path

from engine.errors import StoreError
from engine.store.sentences import NOT_OURS, READ_ONLY

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
    """Refuse what cannot be a database.

    The file is not opened: closing it would drop the locks that SQLite holds on it in this process, and
    another process would then believe to be alone (https://www.sqlite.org/howtocorrupt.html, 2.2).
    """
    if path.is_dir():
        raise StoreError(f"{path} is a folder, not a database. Give the path of a file, such as {path / 'shop.db'}.")
    if not path.exists():
        raise StoreError(
            f"There is no database {path}. Check the path, or make one with `shoplight import FILE --db {path.name}`."
        )
    if not os.access(path, os.R_OK):
        raise StoreError(f"{path} may not be read: permission denied. Give yourself the right to read it.")
    size = path.stat().st_size
    if size == 0:
        raise StoreError(
            f"{path} is empty (0 bytes): it was cut off, or another program made it. Delete it to start anew."
        )
    if size < _HEADER_BYTES:
        raise StoreError(NOT_OURS.format(path=path))
    _check_local(path)


def check_writable(path: Path) -> None:
    """Refuse to write where SQLite could not: it needs the file and, for its log, the folder."""
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK | os.X_OK)):
        raise StoreError(READ_ONLY.format(path=path))


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
