"""A person's own tables: what they may look like, and what is said where one cannot be used."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

from engine.errors import EngineError, ImportRefused, UnknownName
from engine.tables import read_table

ROWS = "a,b,real\nx, y 1 ,1.5\nx+z,,2\n"


@pytest.fixture
def written(tmp_path):
    def write(content: str | bytes, name: str = "t.csv"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_usual_delimiter_gives_the_same_table(written, delimiter):
    table = read_table(written(ROWS.replace(",", delimiter)))
    assert table.rows == 2
    assert {name: values.tolist() for name, values in table.columns.items()} == {
        "a": ["x", "x+z"],
        "b": ["y 1", ""],
        "real": ["1.5", "2"],
    }
    assert table.numbers("real").tolist() == [1.5, 2.0]


def test_gzip_parquet_and_excel_give_the_same_table(written, tmp_path):
    import openpyxl
    import pandas as pd

    plain = read_table(written(ROWS))
    frame = pd.DataFrame({name: values for name, values in plain.columns.items()})
    frame["real"] = frame["real"].astype(float)
    frame.to_parquet(tmp_path / "t.parquet")
    book = openpyxl.Workbook()
    book.active.append(["notes"])
    book.active.append(["nothing here"])
    sheet = book.create_sheet("leaves")
    for row in [list(frame), *frame.itertuples(index=False)]:
        sheet.append(list(row))
    book.save(tmp_path / "t.xlsx")
    others = [written(gzip.compress(ROWS.encode()), "t.csv.gz"), tmp_path / "t.parquet", tmp_path / "t.xlsx"]
    for path in others:
        table = read_table(path, needed=["a", "real"])
        assert table.column("a").tolist() == ["x", "x+z"], path
        assert table.column("b").tolist() == ["y 1", ""], path
        assert table.numbers("real").tolist() == [1.5, 2.0], path


def test_figures_keep_every_digit_and_empty_cells_are_nan(written):
    table = read_table(written("a,v\nx,0.1234567890123\ny,\nz,-1e-7\nw,n/a\n"))
    np.testing.assert_array_equal(table.numbers("v"), [0.1234567890123, np.nan, -1e-7, np.nan])


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["12,50", "1.234,5"], [12.5, 1234.5]),
        (["1,234,567.25", "3"], [1234567.25, 3]),
        (["$1,200.50", "(3.25)"], [1200.5, -3.25]),
        (["0,123456", "-7"], [0.123456, -7]),
    ],
)
def test_decimal_commas_groups_and_signs_are_read_by_evidence(written, cells, values):
    table = read_table(written("a;v\n" + "".join(f"x;{cell}\n" for cell in cells)))
    assert table.numbers("v").tolist() == values


@pytest.mark.parametrize("cell", ["many", "inf", "12 apples", "-$x"])
def test_a_cell_that_is_no_number_is_named_with_its_line(written, cell):
    table = read_table(written(f"a,v\nx,1.5\n\ny,{cell}\n"))
    with pytest.raises(EngineError, match=r"t\.csv, line 4, column 'v': ") as refused:
        table.numbers("v")
    assert repr(cell) in str(refused.value)
    assert not table.looks_numeric("v")


def test_a_decimal_sign_that_nothing_proves_is_not_guessed(written):
    with pytest.raises(EngineError, match="decimal sign of column 'v' cannot be told from '1,234'"):
        read_table(written("a;v\nx;1,234\n")).numbers("v")


def test_codes_are_positions_in_the_sorted_values(written):
    codes, labels = read_table(written("a,v\nz,1\n,2\nb,3\nz,4\n")).codes("a")
    assert labels == ("", "b", "z")
    assert codes.tolist() == [2, 0, 1, 2]


def test_a_missing_column_is_answered_with_the_close_match(written):
    with pytest.raises(UnknownName, match="No column in t.csv named 'rael'. Did you mean 'real'?"):
        read_table(written(ROWS), needed=["rael"])
    with pytest.raises(UnknownName, match="Did you mean 'real'?"):
        read_table(written(ROWS)).numbers("Reall")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "is empty"),
        ("\n \n", "is empty"),
        ("a,b,real\n", "has a header but no rows"),
        ("a,b,real\nx,y,1\nx,y\n", "line 3: 2 cells where the header has 3"),
        ("%PDF-1.4", "a PDF document"),
        ('{"a": 1}', "is JSON"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(written, content, sentence):
    with pytest.raises(EngineError, match=sentence):
        read_table(written(content))


def test_a_folder_and_a_missing_file_are_refused(written, tmp_path):
    path = written(ROWS)
    with pytest.raises(EngineError, match="is a folder; name one file in it"):
        read_table(tmp_path)
    with pytest.raises(ImportRefused, match=r"Did you mean 't\.csv'"):
        read_table(path.with_name("tt.csv"))
