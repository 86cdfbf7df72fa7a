"""What is given instead of a table."""

from __future__ import annotations

from tests.engine.imports.corpus._case import GOOD, Accepted, Case, Refused, table
from tests.engine.imports.corpus._make import fifo, folder, link_to, zipped
from tests.engine.imports.corpus.formats import UCI

FILES = [
    Case("missing file", {}, Refused("There is no file", "ordes.csv"), paths=("ordes.csv",)),
    Case(
        "missing file with a near one",
        {"orders.csv": table(*GOOD)},
        Refused("Did you mean 'orders.csv'?"),
        paths=("ordes.csv",),
    ),
    Case("empty folder", {"shop": folder}, Refused("no table to import"), paths=("shop",)),
    Case(
        "folder of other things",
        {"shop/readme.md": b"# hello", "shop/logo.png": b"\x89PNG"},
        Refused("no table to import"),
        paths=("shop",),
    ),
    Case(
        "folder with a bad file beside good ones",
        {"shop/a.csv": table(*GOOD), "shop/b.csv": b"%PDF-1.4", "shop/c.csv": b""},
        Accepted(3, note="Passed over: b.csv is a PDF"),
        paths=("shop",),
    ),
    Case(
        "folder with sub-folders",
        {"shop/2023/a.csv": table(*GOOD[:2]), "shop/2024/a.csv": table(GOOD[2])},
        Accepted(3, revenue="35.75"),
        paths=("shop",),
    ),
    Case("PDF renamed", {"orders.csv": b"%PDF-1.7\n%\xe2\xe3\n1 0 obj"}, Refused("a PDF document")),
    Case(
        "web page renamed", {"orders.csv": b"<!DOCTYPE html><html><body>Sign in</body></html>"}, Refused("a web page")
    ),
    Case("JSON", {"orders.csv": b'{"orders": []}'}, Refused("JSON")),
    Case("database", {"orders.csv": b"SQLite format 3\x00" + b"\x00" * 100}, Refused("SQLite database")),
    Case("picture", {"orders.csv": b"\x89PNG\r\n\x1a\n" + b"\x00" * 100}, Refused("a picture")),
    Case("zip of CSV", {"orders.zip": zipped("orders.csv", table(*GOOD))}, Refused("zip archive", "Unpack")),
    Case("symlink to itself", {"a.csv": link_to("a.csv")}, Refused("leads back to itself")),
    Case("symlink to nothing", {"a.csv": link_to("gone.csv")}, Refused("link to 'gone.csv'", "does not exist")),
    Case("name in another encoding", {"M\udce4rz.csv": table(*GOOD)}, Accepted(3)),
    Case(
        "symlink to a good file",
        {"real.csv": table(*GOOD), "a.csv": link_to("real.csv")},
        Accepted(3),
        paths=("a.csv",),
    ),
    Case(
        "folder that holds a link to itself",
        {"shop/a.csv": table(*GOOD), "shop/loop": link_to(".")},
        Accepted(3),
        paths=("shop",),
    ),
    Case("the same file twice", {"a.csv": table(*GOOD)}, Accepted(3, note="read once"), paths=("a.csv", "a.csv")),
    Case("a pipe", {"a.csv": fifo}, Refused("pipe")),
    Case("two kinds of export", {"a.csv": table(*GOOD), "retail.csv": UCI}, Refused("Import it on its own")),
    Case("random bytes", {"a.csv": bytes(range(1, 256)) * 20}, Refused()),
]
