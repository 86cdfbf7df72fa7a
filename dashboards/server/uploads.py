"""Files from a visitor: streamed to disk, tied to a live session, allowed only where the server says so."""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tornado.web import HTTPError, RequestHandler, stream_request_body

from components.safe import plain

# Olist's largest file has 61 MB and Online Retail 45 MB.
LARGEST = 512 * 2**20
# One visitor's files together; Olist's whole export has nine.
MOST_FILES = 20

_allowed = False


def allow(yes: bool) -> None:
    """Say whether visitors of this process may load files and take loads back."""
    global _allowed
    _allowed = yes


def allowed() -> bool:
    """Whether they may; asked again in every callback, since a browser can press a hidden button."""
    return _allowed


@dataclass(frozen=True)
class Upload:
    """A file that arrived: what the visitor calls it, and where it lies under a name of ours."""

    label: str
    path: Path
    size: int


class Inbox:
    """A visitor's files, in a folder of their own that goes with the visit.

    Parameters
    ----------
    arrived : called with each Upload, on the server's loop
    """

    def __init__(self, arrived: Callable[[Upload], None]) -> None:
        self.key = secrets.token_urlsafe(24)
        self._arrived = arrived
        self._folder: Path | None = None
        self._count = 0
        with _LOCK:
            _INBOXES[self.key] = self

    def place(self, label: str) -> Path:
        """Where the next file goes: a folder of its own, under letters that cannot lead anywhere else."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="shoplight-upload-"))
        if self._count >= MOST_FILES:
            raise HTTPError(429)
        self._count += 1
        own = self._folder / f"{self._count:02d}"
        own.mkdir()
        return own / harmless(label)

    def deliver(self, upload: Upload) -> None:
        """Tell the visitor's page."""
        self._arrived(upload)

    def close(self) -> None:
        """Delete the files; called when the visit ends."""
        with _LOCK:
            _INBOXES.pop(self.key, None)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


_INBOXES: dict[str, Inbox] = {}
_LOCK = threading.Lock()

_STRANGE = re.compile(r"[^A-Za-z0-9._-]+")


def harmless(label: str) -> str:
    """A file name made of what a visitor calls the file: letters, digits, dots and dashes, never hidden."""
    last = label.replace("\\", "/").rpartition("/")[2]
    return _STRANGE.sub("-", last).strip(".-")[-60:].lstrip(".-") or "file"


@stream_request_body
class UploadHandler(RequestHandler):
    """POST /upload?to=KEY&name=LABEL with the file as the body; the key is known to the visitor's page alone."""

    SUPPORTED_METHODS = ("POST",)

    # Set before prepare(): a wrong method ends the request without it.
    _file = None

    def prepare(self) -> None:
        if not allowed():
            raise HTTPError(403)
        self._check_origin()
        inbox = _INBOXES.get(self.get_query_argument("to", ""))
        if inbox is None:
            raise HTTPError(404)
        size = int(self.request.headers.get("Content-Length") or 0)
        if not 0 < size <= LARGEST:
            raise HTTPError(413 if size else 411)
        self.request.connection.set_max_body_size(LARGEST)
        self._inbox, self._size = inbox, 0
        self._label = plain(self.get_query_argument("name", "file"), 80)
        self._path = inbox.place(self._label)
        self._file = self._path.open("wb")

    def _check_origin(self) -> None:
        """Only our own pages may send: another site's form carries its own Origin."""
        origin = self.request.headers.get("Origin", "")
        if urlsplit(origin).netloc != self.request.host:
            raise HTTPError(403)

    def data_received(self, chunk: bytes) -> None:
        self._size += len(chunk)
        self._file.write(chunk)

    def post(self) -> None:
        self._file.close()
        self._inbox.deliver(Upload(self._label, self._path, self._size))
        self.set_status(204)

    def on_connection_close(self) -> None:
        self._abandon()

    def on_finish(self) -> None:
        if self.get_status() >= 400:
            self._abandon()

    def _abandon(self) -> None:
        if self._file is not None:
            self._file.close()
            self._path.unlink(missing_ok=True)

    def write_error(self, status_code: int, **kwargs) -> None:
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(_SENTENCES.get(status_code, "The file could not be taken.") + "\n")


_SENTENCES = {
    403: "This server does not take files from visitors; import on the command line.",
    404: "This page has ended; reload it and choose the file again.",
    411: "The file is empty.",
    413: f"The file is larger than {LARGEST // 2**20} MB; import it on the command line with `shoplight import`.",
    429: f"A visit can bring {MOST_FILES} files; reload the page to bring more.",
}
