"""Library files, packed once: Panel alone sends 3 MB of scripts unpacked on every first visit."""

from __future__ import annotations

import gzip
import mimetypes
import threading
from functools import lru_cache
from pathlib import Path

from bokeh.settings import settings
from panel.io.resources import DIST_DIR
from tornado.web import HTTPError, RequestHandler

# Below this a packed answer saves less than one packet.
SMALLEST = 1400
PACKABLE = {".js", ".mjs", ".css", ".svg", ".json", ".map", ".html"}
YEAR = "public, max-age=31536000, immutable"
# The largest shipped bundle is 1.8 MB; 64 MB holds everything a page can ask for.
MEMORY = 64 * 2**20

ROOTS: dict[str, Path] = {
    "extensions/panel": Path(DIST_DIR),
    "": Path(settings.bokehjs_path()),
}


class PackedFiles:
    """Files of a few folders, in memory once asked for: raw and packed, with a tag of their content."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._files: dict[Path, tuple[bytes, bytes | None, str]] = {}
        self._size = 0

    def get(self, path: Path) -> tuple[bytes, bytes | None, str]:
        """Raw bytes, packed bytes where they pay, and the tag."""
        found = self._files.get(path)
        return found if found is not None else self._read(path)

    def _read(self, path: Path) -> tuple[bytes, bytes | None, str]:
        import hashlib

        raw = path.read_bytes()
        packed = gzip.compress(raw, 6, mtime=0) if _pays(path, raw) else None
        entry = raw, packed, f'"{hashlib.blake2b(raw, digest_size=12).hexdigest()}"'
        with self._lock:
            if self._size + len(raw) <= MEMORY and path not in self._files:
                self._files[path] = entry
                self._size += len(raw) + len(packed or b"")
        return entry


def _pays(path: Path, raw: bytes) -> bool:
    return path.suffix in PACKABLE and len(raw) >= SMALLEST


FILES = PackedFiles()


class StaticHandler(RequestHandler):
    """Answers `/static/...` from the two library folders; nothing of the shop is ever below it."""

    SUPPORTED_METHODS = ("GET", "HEAD")

    def get(self, name: str) -> None:
        path = locate(name)
        raw, packed, tag = FILES.get(path)
        self.set_header("Content-Type", mimetypes.guess_type(path.name)[0] or "application/octet-stream")
        self.set_header("Etag", tag)
        self.set_header("Vary", "Accept-Encoding")
        self.set_header("Cache-Control", YEAR if self.get_query_argument("v", "") else "no-cache")
        if self.request.headers.get("If-None-Match") == tag:
            self.set_status(304)
            return
        if packed is not None and "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            raw = packed
        self.set_header("Content-Length", str(len(raw)))
        if self.request.method == "GET":
            self.write(raw)

    head = get

    def compute_etag(self) -> None:
        """The tag is set above; hashing a megabyte again for each visitor is not needed."""
        return None


# Resolving a name asks the file system for each folder above it: 2 ms a file, and a first visit asks for nine.
@lru_cache(maxsize=512)
def locate(name: str) -> Path:
    """The file of that name below the folder it belongs to; 404 where there is none or it leads outside."""
    prefix, root = next((prefix, root) for prefix, root in ROOTS.items() if name.startswith(prefix))
    try:
        path = (root / name[len(prefix) :].lstrip("/")).resolve()
        if path.is_relative_to(root.resolve()) and path.is_file():
            return path
    except (ValueError, OSError):
        # A NUL or a name longer than the file system takes is no file either.
        pass
    raise HTTPError(404)


def warm() -> None:
    """Pack what every page asks for, so that the first visitor does not wait for it."""
    for name in ("bokeh", "bokeh-widgets", "bokeh-tables"):
        FILES.get(locate(f"js/{name}.min.js"))
    FILES.get(locate("extensions/panel/panel.min.js"))
