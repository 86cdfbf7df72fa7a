"""Products are called what the shop's own files call them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from engine.errors import UnknownName
from engine.imports import import_paths
from engine.imports.formats.online_retail import is_name
from engine.imports.product_names import LONGEST_NAME, MOST_NAMES, NameBook, any_words
from engine.imports.typed import Labels
from engine.store import Store
from tests.engine.imports.corpus import TODAY, table


def _book(*lines, fits=any_words):
    """Lines of code, name and whether sold."""
    codes, names, sold = zip(*lines, strict=True)
    labels = list(dict.fromkeys(codes))
    where = np.array(sold)
    book = NameBook()
    book.count(
        Labels(np.array([labels.index(code) for code in codes]), labels),
        pa.array(names, pa.string()),
        sold=where,
        unsold=~where,
        is_name=fits,
    )
    return book


def _named(path, db, **options):
    report = import_paths([path], db, today=TODAY, **options)
    store = Store.open(db)
    return report, dict(row for batch in store.products(("product", "name")) for row in batch)


def test_the_most_frequent_name_on_sales_wins():
    lines = [("1", "MUG", True)] * 2 + [("1", "CUP", True)] * 3 + [("1", "damaged", False)] * 9
    assert _book(*lines).rows() == [("1", "CUP")]


def test_the_first_of_two_equally_frequent_names_wins():
    assert _book(("1", "B", True), ("1", "A", True), ("1", "A", True), ("1", "B", True)).rows() == [("1", "B")]


def test_a_product_that_was_never_sold_has_the_name_of_its_other_lines():
    assert _book(("1", "MUG", False), ("1", "?", False), ("1", "?", False)).rows() == [("1", "MUG")]


def test_what_says_no_more_than_the_code_is_no_name():
    assert (
        _book(("1", "?", True), ("2", "", True), ("Mug", "Mug", True), (None, "Mug", True), ("3", "3", True)).rows()
        == []
    )


def test_names_are_one_line_of_bounded_length_and_number():
    assert _book(("1", "  A \t MUG ", True)).rows() == [("1", "A MUG")]
    assert _book(("1", "x" * 5_000, True)).rows() == [("1", "x" * LONGEST_NAME)]
    many = [("1", f"remark {i}", True) for i in range(MOST_NAMES)] + [("1", "late", True)] * 3
    assert _book(*many).rows() == [("1", "remark 0")]


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("72038P", "damages", False),
        ("79341", "Unsaleable, destroyed.", False),
        ("35600A", "Found by jackie", False),
        ("20957", "PORCELAIN HANGING BELL SMALL", True),
        ("23343", "?", False),
        ("23343", "???", False),
        ("D", "Discount", True),
    ],
)
def test_remarks_of_online_retail_are_no_names(code, text, expected):
    assert is_name(code, text) is expected


HEADS = [
    pytest.param("sku", "product_name", id="sku and product_name"),
    pytest.param("product_id", "Item Name", id="id and item name"),
    pytest.param("Stock Code", "Description", id="code and description"),
    pytest.param("product", "title", id="product and title"),
]


@pytest.mark.parametrize(("code", "name"), HEADS)
def test_a_table_of_an_unknown_shop_gives_codes_and_names(tmp_path, code, name):
    head = f"order_id,customer_id,date,revenue,{code},{name}"
    rows = ("1,ann,2024-01-01,5,K1,Mug", "2,bob,2024-01-02,6,K1,Mug", "3,ann,2024-01-03,7,K2,Bowl")
    (tmp_path / "t.csv").write_bytes(table(*rows, head=head))
    report, names = _named(tmp_path / "t.csv", tmp_path / "shop.db")
    assert names == {"K1": "Mug", "K2": "Bowl"}
    assert ("product", code) in [pair[:2] for pair in report.mapping]
    assert ("product_name", name) in [pair[:2] for pair in report.mapping]
    assert report.rows_stored == 3 and report.balanced


def test_a_table_with_names_alone_has_them_as_products(tmp_path):
    (tmp_path / "t.csv").write_bytes(table("1,ann,2024-01-01,5,Mug", head="order_id,customer_id,date,revenue,Item"))
    report, names = _named(tmp_path / "t.csv", tmp_path / "shop.db")
    assert names == {} and ("product", "Item") in [pair[:2] for pair in report.mapping]


def test_the_column_of_names_can_be_named_or_left_out(tmp_path):
    head = "order_id,customer_id,date,revenue,sku,what,description"
    (tmp_path / "t.csv").write_bytes(table("1,ann,2024-01-01,5,K1,Mug,A mug to drink from", head=head))
    assert _named(tmp_path / "t.csv", tmp_path / "a.db", mapping={"product_name": "what"})[1] == {"K1": "Mug"}
    assert _named(tmp_path / "t.csv", tmp_path / "b.db", mapping={"product_name": ""})[1] == {}
    assert _named(tmp_path / "t.csv", tmp_path / "c.db")[1] == {"K1": "A mug to drink from"}
    with pytest.raises(UnknownName, match="Did you mean 'product_name'"):
        _named(tmp_path / "t.csv", tmp_path / "d.db", mapping={"product_nam": "what"})


def test_a_very_long_description_costs_no_line(tmp_path):
    head = "order_id,customer_id,date,revenue,sku,description"
    (tmp_path / "t.csv").write_bytes(table(f"1,ann,2024-01-01,5,K1,{'a b ' * 2_000}", head=head))
    report, names = _named(tmp_path / "t.csv", tmp_path / "shop.db")
    assert report.rows_stored == 1 and len(names["K1"]) <= LONGEST_NAME


def test_names_that_come_later_are_taken_though_every_line_is_known(tmp_path):
    lines = ("1,ann,2024-01-01,5,K1,{}", "2,bob,2024-01-02,6,K2,{}")
    head = "order_id,customer_id,date,revenue,sku,product_name"
    for name, words in (("old.csv", ("", "")), ("new.csv", ("Mug", "Bowl"))):
        rows = [line.format(word) for line, word in zip(lines, words, strict=True)]
        (tmp_path / name).write_bytes(table(*rows, head=head))
    assert _named(tmp_path / "old.csv", tmp_path / "shop.db")[1] == {}
    report, names = _named(tmp_path / "new.csv", tmp_path / "shop.db")
    assert names == {"K1": "Mug", "K2": "Bowl"}
    assert (report.rows_stored, report.rows_known) == (0, 2) and report.load_id is not None and report.balanced
    assert any("2 product names" in note for note in report.notes)
    assert report.text().startswith("No new rows in new.csv: all 2 rows were stored before")
    again, _ = _named(tmp_path / "new.csv", tmp_path / "shop.db")
    assert again.load_id is None and again.rows_known == 2


def test_an_undone_import_takes_its_names_along_and_leaves_those_of_others(tmp_path):
    head = "order_id,customer_id,date,revenue,sku,product_name"
    (tmp_path / "a.csv").write_bytes(table("1,ann,2024-01-01,5,K1,Mug", "2,ann,2024-01-01,5,K2,Bowl", head=head))
    (tmp_path / "b.csv").write_bytes(table("3,ann,2024-02-01,5,K1,Mug", head=head))
    first, _ = _named(tmp_path / "a.csv", tmp_path / "shop.db")
    _named(tmp_path / "b.csv", tmp_path / "shop.db")
    store = Store.open(tmp_path / "shop.db")
    with store.writer() as writer:
        writer.undo(first.load_id)
    assert [row for batch in store.products(("product", "name")) for row in batch] == [("K1", "Mug")]
