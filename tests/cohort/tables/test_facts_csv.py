"""A facts CSV in pieces says of each patient what `vhkg recommend` reads of that patient."""

from __future__ import annotations

import gzip
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cohort.batches import Shown, shown
from tests.cohort.generator import Fault, Form, Member, fault_in, generate, write
from tests.cohort.runs import partitioned, read, reappearing, scattered
from tests.patients.many_formats.codes import write_codes
from tests.support import shipped
from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.batch import Refusal
from vhkg.cohort.reader import ScatteredError
from vhkg.cohort.records import batch_of
from vhkg.cohort.tables.facts_csv import FactsCsv
from vhkg.errors import InputError
from vhkg.intake import document

HEADER = "patient,presentation,finding,status,date\n"


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    return Knowledge.load(codes=write_codes(tmp_path_factory.mktemp("codes")))


@pytest.fixture(scope="module")
def members() -> list[Member]:
    return generate(11, 600, faulty=0)


def exactly(path: Path, knowledge: Knowledge) -> Shown:
    source = knowledge.read_source(path)
    return shown(batch_of(str(path), source.patients, knowledge, report=source.report), knowledge)


@pytest.mark.parametrize("form", [Form.CSV, Form.CODED_CSV])
@pytest.mark.parametrize("size", [2_000, 20_000, 10_000_000])
def test_pieces_hold_what_the_file_says(
    knowledge: Knowledge, members: list[Member], tmp_path: Path, form: Form, size: int
) -> None:
    path = write(members, form, tmp_path)
    reader = FactsCsv(str(path), knowledge, size)
    assert not reader.partitions
    assert not scattered(reader)
    assert read(reader, knowledge) == exactly(path, knowledge)


@pytest.mark.parametrize("form", [Form.CSV, Form.CODED_CSV])
def test_rows_of_a_patient_may_stand_anywhere(
    knowledge: Knowledge, members: list[Member], tmp_path: Path, form: Form
) -> None:
    path = write(members, form, tmp_path, shuffled=True)
    expected = exactly(path, knowledge)
    reader = FactsCsv(str(path), knowledge, 20_000)
    assert scattered(reader)
    assert partitioned(reader, knowledge, tmp_path / "buckets") == expected
    assert read(FactsCsv(str(path), knowledge), knowledge) == expected


def test_a_packed_file_is_partitioned(knowledge: Knowledge, members: list[Member], tmp_path: Path) -> None:
    path = write(members, Form.CSV, tmp_path)
    packed = tmp_path / "cohort.csv.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    reader = FactsCsv(str(packed), knowledge, 10_000)
    assert reader.partitions
    assert partitioned(reader, knowledge, tmp_path / "buckets") == exactly(packed, knowledge)


@pytest.mark.parametrize("shuffled", [False, True])
def test_a_patient_with_a_faulty_row_is_set_aside(knowledge: Knowledge, tmp_path: Path, *, shuffled: bool) -> None:
    members = generate(12, 500, faulty=0.1)
    path = write(members, Form.CSV, tmp_path, shuffled=shuffled)
    reader = FactsCsv(str(path), knowledge, 15_000)
    found = partitioned(reader, knowledge, tmp_path / "buckets")
    if not shuffled:
        assert read(reader, knowledge) == found
    faulty = {member.name: member for member in members if fault_in(member, Form.CSV)}
    assert {fault_in(member, Form.CSV) for member in faulty.values()} == {
        Fault.UNKNOWN_FINDING,
        Fault.UNKNOWN_STATUS,
        Fault.NO_SUCH_DAY,
    }
    lines = path.read_text(encoding="utf-8").splitlines()
    assert sorted(patient for _, patient, _ in found.refused) == sorted(faulty)
    for file, patient, message in found.refused:
        place = message.removeprefix(f"{file}, line ").split(":")[0]
        assert lines[int(place) - 1].startswith(f"{patient},")
        assert any(word in message for word in ("'BakcPain'", "'perhaps'", "'2026-02-30'"))
    with pytest.raises(InputError) as error:
        knowledge.read(path)
    assert str(error.value) in {message for _, _, message in found.refused}
    of_faulty = [line for line in lines if line.split(",")[0] in faulty]
    assert found.fates["refused"] == len(of_faulty)
    others = tmp_path / "others.csv"
    others.write_text("".join(f"{line}\n" for line in lines if line not in of_faulty), encoding="utf-8")
    expected = exactly(others, knowledge)
    assert found.facts == expected.facts
    assert found.lesions == expected.lesions
    assert {**found.fates, "refused": 0} == {**expected.fates, "refused": 0}


CELLS = (
    st.sampled_from(["a", "b", " a", "ä", "b\u00a0", "\u200eb", "a,b", 'q"q', ""]),
    st.sampled_from(["", "T9", " T9", "Ł", "T,9", "\u202e", "x" * 501]),
    st.sampled_from(["BackPain", "vhkg:BackPain", "Pregnancy", " Pregnancy ", "HP:0003418", "HP:0012531", "HX:1"]),
    st.sampled_from(["present", "absent", "Yes", " no", "NA", "UNKNOWN", "", "perhaps"]),
    st.sampled_from(["", "2026-01-05", " 2026-01-06", "2026-1-5", "2026-02-30", "0001-01-01", "1969-12-31"]),
)


@st.composite
def _line(draw: st.DrawFn) -> tuple[str, str]:
    """A line of CSV, and the patient that it names."""
    cells = [draw(cell) for cell in CELLS]
    count = draw(st.sampled_from([5, 5, 5, 5, 5, 5, 4, 6, 0]))
    kept = [*cells, "more"][:count]
    written = []
    for cell in kept:
        if draw(st.booleans()) or set(cell) & {",", '"'}:
            doubled = cell.replace('"', '""')
            written.append(f'"{doubled}"')
        else:
            written.append(cell)
    return ",".join(written), kept[0].strip() if kept else ""


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(_line(), max_size=12),
    ends=st.lists(st.sampled_from(["\n", "\r\n"]), min_size=13, max_size=13),
    bom=st.booleans(),
    size=st.sampled_from([20, 90, 10_000]),
)
def test_each_patient_is_read_as_if_alone(
    tmp_path_factory: pytest.TempPathFactory, lines: list[tuple[str, str]], ends: list[str], size: int, *, bom: bool
) -> None:
    """Compared with a file in which the lines of all others are blank."""
    knowledge = shipped()
    folder = tmp_path_factory.mktemp("csv")
    path = folder / "f.csv"
    text = HEADER + "".join(line + end for (line, _), end in zip(lines, ends, strict=False))
    path.write_bytes((b"\xef\xbb\xbf" if bom else b"") + text.encode())
    reader = FactsCsv(str(path), knowledge, size)
    if not lines:
        with pytest.raises(InputError, match="a header and no rows"):
            reader.pieces()
        return
    found = partitioned(reader, knowledge, folder / "buckets", 3)
    if not scattered(reader):
        assert read(reader, knowledge) == found
    refused: list[Refusal] = []
    fates: Counter[str] = Counter()
    for patient in {patient for line, patient in lines if line.strip(' ,"\r\n')}:
        kept = HEADER + "".join((line if of == patient else "") + "\n" for line, of in lines)
        try:
            source = knowledge.read_source(document(str(path), kept.encode()))
        except InputError as error:
            refused.append(Refusal(str(path), patient, str(error)))
            assert patient not in found.facts
            continue
        expected = shown(batch_of(str(path), source.patients, knowledge, report=source.report), knowledge)
        assert found.facts[patient] == expected.facts[patient]
        assert found.lesions[patient] == expected.lesions[patient]
        assert [each for each in found.checked if each[1] == patient] == expected.checked
        fates.update(expected.fates)
    assert {each[1] for each in found.refused} == {each.patient for each in refused}
    assert set(refused) <= {Refusal(*each) for each in found.refused}
    assert {name: number for name, number in found.fates.items() if name != "refused"} == dict(fates)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'"b,,BackPain,present,\n', "line 3: not CSV: unexpected end of data"),
        (b'"b"x,,BackPain,present,\n', "line 3: not CSV: ',' expected after '\"'"),
        (b"b\xff,,BackPain,present,\n", "line 3: it is not UTF-8; save it as UTF-8."),
        (b"b\0,,BackPain,present,\n", "line 3: there is an unprintable character U+0000; remove it."),
        (b"b,BackPain,present\n", "line 3: there are 3 fields for 5 columns"),
        (b",,BackPain,present,\n", "line 3: the patient is empty"),
        (b'"b",T9,"Back""Pain",present,\n', "line 3: unknown finding 'Back\"Pain'"),
    ],
)
def test_a_broken_line_costs_no_other_patient(tmp_path: Path, line: bytes, said: str) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(HEADER.encode() + b"a,,BackPain,present,\n" + line + b"c,,BackPain,absent,2026-01-01\n")
    found = read(FactsCsv(str(path), shipped()), shipped())
    assert set(found.facts) == {"a", "c"}
    assert [f"{path}, {said}" in message for _, _, message in found.refused] == [True]


def test_a_patient_is_set_aside_whose_line_is_too_short(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text(HEADER + "a,,BackPain,present,\nb,,BackPain,present,\na,Pain,absent\n", encoding="utf-8")
    found = read(FactsCsv(str(path), shipped()), shipped())
    assert set(found.facts) == {"b"}
    assert [patient for _, patient, _ in found.refused] == ["a"]
    assert found.fates == {"read": 1, "refused": 2}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is empty"),
        (b"\n\n", "it is empty"),
        (b"patient,finding\n", "line 1: there is no column status"),
        (b"patient,finding,status,statsu\na,b,c,d\n", "line 1: unknown column 'statsu'; did you mean status"),
        (b"patient;finding;status\n", "line 1: the columns are not separated by commas"),
        (b"patient,finding,status\n", "it has a header and no rows"),
        (b"\n\npatient,finding\n", "line 3: there is no column status"),
        (b"patient,finding,status\ra,BackPain,present\r", "lines end with a carriage return alone"),
        (b"\xff\xfep\0a\0t\0", "UTF-16"),
    ],
)
def test_what_is_no_facts_table_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=said) as error:
        FactsCsv(str(path), shipped()).pieces()
    assert str(error.value).startswith(str(path))


def test_a_missing_or_damaged_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        FactsCsv(str(tmp_path / "none.csv"), shipped()).pieces()
    path = tmp_path / "f.csv.gz"
    path.write_bytes(gzip.compress(HEADER.encode() * 20_000)[:-30])
    reader = FactsCsv(str(path), shipped())
    with pytest.raises(InputError, match="the gzip data are damaged"):
        reader.scatter(reader.pieces()[0], tmp_path / "buckets", 2)
    path = tmp_path / "long.csv"
    path.write_text(HEADER + "a" * 3_000_000 + "\n", encoding="utf-8")
    reader = FactsCsv(str(path), shipped(), 1_000)
    with pytest.raises(InputError, match="a line is longer than 2 MiB"):
        reader.read(reader.pieces()[1])


def test_columns_may_stand_in_any_order_and_be_left_out(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("Status,FINDING,patient\npresent,BackPain,a\nabsent,Pregnancy,a\n", encoding="utf-8")
    assert read(FactsCsv(str(path), shipped()), shipped()) == exactly(path, shipped())


def test_a_table_in_no_order_is_told_before_its_patients_are_decided(tmp_path: Path) -> None:
    """And one patient out of order makes no disorder."""
    path = tmp_path / "f.csv"
    rows = [f"p{number % 20:02},,BackPain,present,\n" for number in range(200)]
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    reader = FactsCsv(str(path), shipped(), 1_000)
    with pytest.raises(ScatteredError):
        reader.read(reader.pieces()[1])
    path.write_text(HEADER + "".join([*sorted(rows), rows[20]]), encoding="utf-8")
    reader = FactsCsv(str(path), shipped(), 1_000)
    assert reappearing(reader) == 1
    whole = FactsCsv(str(path), shipped())
    assert read(whole, shipped()) == exactly(path, shipped())
