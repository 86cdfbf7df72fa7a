"""What is wrong with a database is said in one sentence, and the file is left as it was."""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import pytest

from engine.errors import StoreError
from engine.store import Operations, Store
from engine.store.connect import APPLICATION_ID
from engine.store.place import filesystem
from tests.engine.store.sample import COLUMNS, contents, lines, take_in


@pytest.fixture
def shop(tmp_path):
    """The path of a closed database with a thousand lines."""
    store = Store.create(tmp_path / "shop.db")
    take_in(store, lines(range(1000)))
    del store
    return tmp_path / "shop.db"


def _refused(path, match, *, doors=(Store.open, Store.create)):
    """Every door says the sentence and leaves the file as it was."""
    before = path.read_bytes() if path.is_file() else None
    for door in doors:
        with pytest.raises(StoreError, match=match) as caught:
            door(path)
        assert str(path) in str(caught.value) and "\n" not in str(caught.value)
    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_missing_file(tmp_path):
    _refused(tmp_path / "shop.db", "There is no database", doors=[Store.open])
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder(tmp_path):
    with pytest.raises(StoreError, match=r"There is no folder .*gone to make shop.db in"):
        Store.create(tmp_path / "gone" / "shop.db")


def test_a_folder(tmp_path):
    _refused(tmp_path, "is a folder, not a database")


def test_a_zero_byte_file(tmp_path):
    (tmp_path / "shop.db").touch()
    _refused(tmp_path / "shop.db", r"is empty \(0 bytes\)")


@pytest.mark.parametrize("text", ["date,revenue\n2024-01-01,5\n", "x", "%PDF-1.7\n" + "x" * 9000])
def test_a_file_that_is_no_database(tmp_path, text):
    (tmp_path / "shop.db").write_text(text)
    _refused(tmp_path / "shop.db", "is not a Shoplight database")


def test_a_database_of_another_program(tmp_path):
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("CREATE TABLE transactions (transaction_id TEXT)")
    _refused(tmp_path / "shop.db", "is an SQLite database of another program")


def test_a_file_cut_off_in_its_header(shop):
    shop.write_bytes(shop.read_bytes()[:50])
    _refused(shop, "is not a Shoplight database")


def test_a_newer_schema(shop):
    with sqlite3.connect(shop) as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    _refused(shop, r"was made by a newer Shoplight \(version 999")


@pytest.mark.parametrize("address", ["http://shop.example/shop.db", "postgresql://host/shop", "s3://bucket/shop.db"])
def test_an_address(address):
    with pytest.raises(StoreError, match="is an address, not a file"):
        Store.create(address)


@pytest.mark.parametrize("text", ["", "a\0b"])
def test_no_file_name(text):
    with pytest.raises(StoreError, match="is no file name"):
        Store.open(text)


def test_a_network_drive(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.store.place.filesystem", lambda path: "nfs4")
    with pytest.raises(StoreError, match=r"is on a network drive \(nfs4\)"):
        Store.create(tmp_path / "shop.db")


def test_the_file_system_is_the_one_of_the_longest_mount_point(tmp_path):
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "21 1 0:1 / / rw - ext4 /dev/a rw\n22 21 0:2 / /net rw - nfs4 host:/ rw\n"
        "23 22 0:3 / /net/my\\040disk rw shared:1 - ext4 /dev/b rw\n"
    )
    kinds = [filesystem(Path(path), mounts) for path in ("/net/shop.db", "/net/my disk/shop.db", "/network/shop.db")]
    assert kinds == ["nfs4", "ext4", "ext4"]
    assert filesystem(Path("/net/shop.db"), tmp_path / "none") is None


def test_scribbled_pages(shop):
    content = bytearray(shop.read_bytes())
    noise = random.Random(5)
    for start in range(8192, len(content), 8192):
        content[start : start + 4000] = noise.randbytes(4000)
    shop.write_bytes(content)
    before = shop.read_bytes()
    with pytest.raises(StoreError, match=r"is damaged \(.*Put back a copy"):
        contents(Store.open(shop))
    assert shop.read_bytes() == before


def test_a_truncated_file(shop):
    shop.write_bytes(shop.read_bytes()[: 8192 * 6])
    with pytest.raises(StoreError, match="is damaged"):
        contents(Store.open(shop))


def test_a_full_disk_keeps_what_was_stored_and_goes_on_when_there_is_room(shop):
    store = Store.open(shop)
    kept = contents(store)
    with pytest.raises(StoreError, match="The disk with .* is full"), store.writer() as writer:
        pages = writer.read(lambda c: c.execute("PRAGMA page_count").fetchone()[0])
        writer.read(lambda c: c.execute(f"PRAGMA max_page_count = {pages + 20}").fetchone())
        with writer.load("big", "test", sha256="0", currency=None) as load:
            load.put_lines(COLUMNS, lines(range(100_000), prefix="x"))
    assert contents(store) == kept and _is_whole(shop)
    take_in(store, lines(range(100), prefix="x"))
    assert len(contents(store)) == len(kept) + 100


def test_a_limited_file_size_keeps_what_was_stored_and_goes_on_without_the_limit(shop):
    store = Store.open(shop)
    kept = contents(store)
    report = _in_child(_import_within_limit, shop)
    assert "could not be read or written" in report or "is full" in report
    assert contents(store) == kept and _is_whole(shop)
    take_in(store, lines(range(100), prefix="x"))
    assert len(contents(store)) == len(kept) + 100 and _is_whole(shop)


def _import_within_limit(path, pipe):
    store = Store.open(path)
    limit = 2_000_000
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        take_in(store, lines(range(100_000), prefix="x"))
    except StoreError as error:
        pipe.send(str(error))
    else:
        pipe.send("stored all")


def _in_child(work, path):
    ours, theirs = multiprocessing.get_context("fork").Pipe()
    child = multiprocessing.get_context("fork").Process(target=work, args=(path, theirs))
    child.start()
    assert ours.poll(60), "the child said nothing"
    child.join(10)
    return ours.recv()


def _is_whole(path):
    connection = sqlite3.connect(path)
    try:
        return connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    finally:
        connection.close()


@pytest.fixture
def anyones_folder():
    """A folder that an ordinary user may enter: root is allowed everything, so these tests step down."""
    folder = Path(tempfile.mkdtemp(prefix="shoplight-"))
    folder.chmod(0o777)
    yield folder
    folder.chmod(0o777)
    shutil.rmtree(folder)


# Imported before stepping down: the program itself may be in a folder that only its owner may read.
_AS_ANYONE = """
import os, sys
from engine.errors import StoreError
from engine.store import Store
import engine.store.migrations, sqlite_utils
from tests.engine.store.sample import contents, lines, take_in
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
path = sys.argv[1]
try:
    {work}
except StoreError as error:
    print(error)
"""


def _as_anyone(work, path):
    script = textwrap.dedent(_AS_ANYONE).format(work=work)
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], cwd=root, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def shop_of_another(anyones_folder):
    store = Store.create(anyones_folder / "shop.db")
    take_in(store, lines(range(1000)))
    del store
    path = anyones_folder / "shop.db"
    (anyones_folder / "shop.db.lock").unlink()
    path.chmod(0o644)
    return path


READ = "print(len(contents(Store.open(path))))"
WRITE = "take_in(Store.open(path), lines(range(5)))"


def test_a_read_only_folder_can_be_read(shop_of_another):
    _remove_logs(shop_of_another)
    shop_of_another.parent.chmod(0o555)
    assert _as_anyone(READ, shop_of_another) == "1000"
    assert sorted(path.name for path in shop_of_another.parent.iterdir()) == ["shop.db"]


def test_a_read_only_folder_cannot_be_written(shop_of_another):
    _remove_logs(shop_of_another)
    shop_of_another.parent.chmod(0o555)
    before = shop_of_another.read_bytes()
    assert "read-only" in _as_anyone(WRITE, shop_of_another)
    assert "The folder" in _as_anyone("Store.create(path + '2')", shop_of_another)
    assert shop_of_another.read_bytes() == before


def test_a_read_only_folder_is_read_while_its_owner_writes(shop_of_another):
    store = Store.open(shop_of_another)
    with store.writer() as writer, writer.load("a", "test", sha256="0", currency=None) as load:
        load.put_lines(COLUMNS, lines(range(1000, 1500)))
        load.publish({})
        for path in shop_of_another.parent.iterdir():
            path.chmod(stat.S_IMODE(path.stat().st_mode) | 0o044)
        shop_of_another.parent.chmod(0o555)
        said = _as_anyone(READ, shop_of_another)
    assert said == "1500" or "cannot be" in said, "never the thousand lines of before"


def test_a_read_only_folder_with_an_unfinished_log_is_refused(shop_of_another):
    log = shop_of_another.with_name("shop.db-wal")
    _remove_logs(shop_of_another)
    log.write_bytes(b"\x37\x7f\x06\x82" + bytes(60))
    log.chmod(0o644)
    shop_of_another.parent.chmod(0o555)
    assert "was left in the middle of writing" in _as_anyone(READ, shop_of_another)


def test_a_read_only_file_cannot_be_written_and_stays(shop_of_another):
    _remove_logs(shop_of_another)
    shop_of_another.chmod(0o444)
    before = shop_of_another.read_bytes()
    assert _as_anyone(READ, shop_of_another) == "1000"
    assert "read-only" in _as_anyone(WRITE, shop_of_another)
    assert shop_of_another.read_bytes() == before


def test_a_file_that_may_not_be_read(shop_of_another):
    shop_of_another.chmod(0o000)
    assert "permission denied" in _as_anyone(READ, shop_of_another)


def test_a_store_read_as_it_is_notices_that_it_was_replaced(tmp_path, monkeypatch, shop):
    monkeypatch.setattr("engine.store.connect.os.access", lambda _, mode: mode == os.R_OK)
    _remove_logs(shop)
    store = Store.open(shop)
    assert store.data_version() == 1
    monkeypatch.undo()
    (tmp_path / "other").mkdir()
    replacement = Store.create(tmp_path / "other" / "shop.db")
    take_in(replacement, lines(range(3)))
    take_in(replacement, lines(range(6)))
    del replacement
    os.replace(tmp_path / "other" / "shop.db", shop)
    assert store.data_version() == 2


def test_the_operations_database_speaks_the_same_sentences(tmp_path):
    (tmp_path / "shop.ops.db").write_text("nothing of ours")
    with pytest.raises(StoreError, match="shop.ops.db is not a Shoplight database"):
        Operations.beside(tmp_path / "shop.db")


def test_a_database_of_ours_says_so_in_its_header(shop):
    assert int.from_bytes(shop.read_bytes()[68:72], "big") == APPLICATION_ID


def _remove_logs(path):
    """As a database is after its last connection was closed."""
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
