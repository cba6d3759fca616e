"""Facts as Parquet are read as the facts CSV with the same rows is."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cohort.batches import Shown, shown
from tests.cohort.generator import COLUMNS, Form, generate, rows_of, write
from tests.cohort.runs import partitioned, read, scattered
from tests.patients.many_formats.codes import write_codes
from tests.support import shipped
from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.records import batch_of
from vhkg.cohort.tables.facts_csv import FactsCsv
from vhkg.cohort.tables.facts_parquet import FactsParquet
from vhkg.errors import InputError


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    return Knowledge.load(codes=write_codes(tmp_path_factory.mktemp("codes")))


def _of_patients(found: Shown) -> tuple[Any, ...]:
    """All but the names of files, and places within them."""
    results = [(patient, result) for _, patient, result in found.checked]
    refused = sorted((patient, message.split(": ", 1)[1]) for _, patient, message in found.refused)
    return found.facts, found.lesions, found.invalid, results, refused, found.unmapped, found.fates


def _same_as_csv(path: Path, knowledge: Knowledge, csv: Path) -> bool:
    expected = _of_patients(read(FactsCsv(str(csv), knowledge), knowledge))
    return _of_patients(read(FactsParquet(str(path), knowledge), knowledge)) == expected


@pytest.mark.parametrize("size", [1_600, 22_400, 320_000_000])
@pytest.mark.parametrize("groups", [40, 1_000_000])
def test_pieces_hold_what_the_rows_say(knowledge: Knowledge, tmp_path: Path, size: int, groups: int) -> None:
    members = generate(21, 400, faulty=0.05)
    csv = write(members, Form.CSV, tmp_path)
    path = write(members, Form.PARQUET, tmp_path)
    pl.read_parquet(path).write_parquet(path, row_group_size=groups)
    reader = FactsParquet(str(path), knowledge, size)
    pieces = reader.pieces()
    assert all(each.end - each.start <= size // 32 for each in pieces)
    assert [each.end for each in pieces[:-1]] == [each.start for each in pieces[1:]]
    assert not scattered(reader)
    found = read(reader, knowledge)
    assert _of_patients(found) == _of_patients(read(FactsCsv(str(csv), knowledge), knowledge))
    assert found.refused
    rows = pl.read_parquet(path).rows()
    for _, patient, message in found.refused:
        place = message.removeprefix(f"{path}, row ").split(":")[0]
        assert rows[int(place) - 1][0] == patient
    assert partitioned(reader, knowledge, tmp_path / "buckets") == found


def test_it_is_what_recommend_reads_of_the_rows(knowledge: Knowledge, tmp_path: Path) -> None:
    members = generate(22, 300, faulty=0)
    path = write(members, Form.PARQUET, tmp_path)
    rows = [dict(zip(COLUMNS, row, strict=True)) for member in members for row in rows_of(member)]
    source = knowledge.read_source(rows)
    expected = shown(batch_of(str(path), source.patients, knowledge, report=source.report), knowledge)
    assert read(FactsParquet(str(path), knowledge, 3_200), knowledge) == expected


def test_rows_may_stand_anywhere_and_name_codes(knowledge: Knowledge, tmp_path: Path) -> None:
    members = generate(23, 300, faulty=0.05)
    rows = [row for member in members for row in rows_of(member, Form.CODED_CSV)]
    csv = write(members, Form.CODED_CSV, tmp_path)
    path = tmp_path / "coded.parquet"
    frame = pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")
    frame.sample(fraction=1, shuffle=True, seed=1).write_parquet(path)
    reader = FactsParquet(str(path), knowledge, 16_000)
    assert scattered(reader)
    found = partitioned(reader, knowledge, tmp_path / "buckets")
    csv_found = read(FactsCsv(str(csv), knowledge), knowledge)
    assert (found.facts, found.lesions, found.fates, found.unmapped) == (
        csv_found.facts,
        csv_found.lesions,
        csv_found.fates,
        csv_found.unmapped,
    )


@pytest.mark.parametrize("kind", ["dates", "categories", "enumerations", "numbers", "nulls", "duckdb", "missing"])
def test_types_that_mean_the_same_are_read_alike(tmp_path: Path, kind: str) -> None:
    members = generate(24, 200, faulty=0)
    rows = [row for member in members for row in rows_of(member)]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")
    frame = frame.with_columns(patient=pl.col("patient").str.slice(1))
    if kind == "missing":
        frame = frame.select("status", "patient", "finding")
    csv, path = tmp_path / "f.csv", tmp_path / "f.parquet"
    frame.write_csv(csv)
    if kind == "dates":
        frame = frame.with_columns(pl.col("date").str.to_date("%Y-%m-%d", strict=False))
    elif kind == "categories":
        frame = frame.with_columns(pl.all().cast(pl.Categorical))
    elif kind == "enumerations":
        frame = frame.with_columns(pl.col("status").cast(pl.Enum(["unknown", "present", "absent"])))
    elif kind == "numbers":
        frame = frame.with_columns(pl.col("patient").cast(pl.Int64))
    elif kind == "nulls":
        frame = frame.with_columns(pl.when(pl.all() != "").then(pl.all()))
    if kind == "duckdb":
        with duckdb.connect() as connection:
            query = "SELECT * REPLACE (try_cast(date AS DATE) AS date) FROM read_csv(?, all_varchar = true)"
            connection.sql(query, params=[str(csv)]).write_parquet(str(path))
    else:
        frame.write_parquet(path)
    assert _same_as_csv(path, shipped(), csv)


def _written(day: int | None) -> str:
    if day is None:
        return ""
    try:
        return datetime.date.fromordinal(day + datetime.date(1970, 1, 1).toordinal()).isoformat()
    except (OverflowError, ValueError):
        return f"{day} days from 1970-01-01"


DAYS = st.sampled_from([None, 0, -1, 20_000, -719_162, -719_163, 2_932_896, 2_932_897, 2_000_000_000, -(2**31)])
ROWS = st.tuples(
    st.sampled_from(["a", "b", " b", "", None]),
    st.sampled_from(["", None, "T9", "T9 "]),
    st.sampled_from(["BackPain", "Pain", "HP:0003418", "Nothing", None]),
    st.sampled_from(["present", "absent", "no", None, "x"]),
    DAYS,
)


@settings(max_examples=30)
@given(rows=st.lists(ROWS, min_size=1, max_size=12), size=st.sampled_from([1, 96, 3_200]))
def test_odd_values_are_named_with_their_row(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[Any, ...]], size: int
) -> None:
    """Days beyond the years 1 to 9999 are none; all else is as in a CSV with the same texts."""
    folder = tmp_path_factory.mktemp("parquet")
    path, csv = folder / "f.parquet", folder / "f.csv"
    schema = {**dict.fromkeys(COLUMNS, pl.String), "date": pl.Int32}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    frame.with_columns(pl.col("date").cast(pl.Date)).write_parquet(path)
    frame.with_columns(pl.Series("date", [_written(row[-1]) for row in rows], dtype=pl.String)).write_csv(csv)
    reader = FactsParquet(str(path), shipped(), size)
    found = partitioned(reader, shipped(), folder / "buckets", 2)
    assert _of_patients(found) == _of_patients(read(FactsCsv(str(csv), shipped()), shipped()))
    if not scattered(reader):
        assert read(reader, shipped()) == found


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"date": pl.Datetime}, "the column date has the type Datetime"),
        ({"status": pl.Int8}, "the column status has the type Int8; write it as text"),
        ({"patient": pl.Float64}, "the column patient has the type Float64; write it as text"),
        ({"finding": pl.Binary}, "the column finding has the type Binary; write it as text"),
        ({"sttaus": pl.String}, "unknown column 'sttaus'; did you mean status"),
        ({"Status": pl.String}, "the column 'status' stands twice"),
    ],
)
def test_wrong_columns_are_named(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    path = tmp_path / "f.parquet"
    schema = {**dict.fromkeys(COLUMNS, pl.String), **change}
    pl.DataFrame(schema=schema).write_parquet(path)
    with pytest.raises(InputError, match=said) as error:
        FactsParquet(str(path), shipped()).pieces()
    assert str(error.value).startswith(str(path))


def test_what_is_no_parquet_is_named(tmp_path: Path) -> None:
    path = tmp_path / "f.parquet"
    with pytest.raises(InputError, match="there is no such file"):
        FactsParquet(str(path), shipped()).pieces()
    path.write_bytes(b"PAR1 and no more")
    with pytest.raises(InputError, match="no Parquet file, or damaged"):
        FactsParquet(str(path), shipped()).pieces()
    frame = pl.DataFrame({"patient": ["a"], "finding": ["BackPain"]})
    frame.write_parquet(path)
    with pytest.raises(InputError, match="there is no column status"):
        FactsParquet(str(path), shipped()).pieces()
    frame.with_columns(status=pl.lit("present")).clear().write_parquet(path)
    with pytest.raises(InputError, match="it has no rows"):
        FactsParquet(str(path), shipped()).pieces()


def test_a_damaged_page_is_named(tmp_path: Path) -> None:
    path = tmp_path / "f.parquet"
    rows = 50_000
    texts = [f"p{at}" for at in range(rows)]
    pl.DataFrame({"patient": texts, "finding": ["BackPain"] * rows, "status": ["present"] * rows}).write_parquet(path)
    content = bytearray(path.read_bytes())
    content[100:5_000] = bytes(4_900)
    path.write_bytes(content)
    reader = FactsParquet(str(path), shipped())
    with pytest.raises(InputError, match="no Parquet file, or damaged"):
        reader.read(reader.pieces()[0])
