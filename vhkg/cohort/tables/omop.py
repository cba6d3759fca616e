"""Tables of the OMOP common data model: the rows of a person are scattered over them, so they are partitioned.

What a row says is left to `read_omop`, which reads each bucket as if it were a small folder: the lines of a bucket are
those of the tables, with their numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NoReturn

import msgspec

from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.batch import Batch, Refusal
from vhkg.cohort.keys import buckets_of, keys_of
from vhkg.cohort.reader import Piece, ScatteredError
from vhkg.cohort.records import batch_of, checked
from vhkg.cohort.tables.scattered import ALL, Scattering, parts_of
from vhkg.errors import InputError
from vhkg.intake import read_lines
from vhkg.model.source_report import Fate
from vhkg.patients.omop import PERSON, TABLES_OF_ENTRIES, read_omop, rows_of_table
from vhkg.patients.reading import patients_of
from vhkg.patients.sources import OmopFiles, open_source
from vhkg.patients.tally import Tally

_HELD = 16 * 1024 * 1024
_Line = tuple[int, bytes]


class _Table(msgspec.Struct, frozen=True, array_like=True):
    """What is true of a table as a whole: its header, or what became of its rows where no person matters."""

    name: str
    file: str
    header: _Line | None
    fates: dict[str, int]
    refusals: tuple[str, ...]


class OmopTables:
    """Reader of a folder. A piece is a table, since where its rows begin can only be told from its start."""

    partitions = True

    def __init__(self, path: str, knowledge: Knowledge, piece_size: int = _HELD) -> None:
        self._path = path
        self._knowledge = knowledge
        self._held = piece_size

    def pieces(self) -> Sequence[Piece]:
        source = open_source(self._path)
        if not isinstance(source, OmopFiles):
            raise InputError("there is no PERSON table", file=self._path, mend="add PERSON.csv")
        return [
            Piece(number, name, (str(path),)) for number, (_, (name, path)) in enumerate(sorted(source.tables.items()))
        ]

    def read(self, piece: Piece) -> NoReturn:
        raise ScatteredError(piece.name)

    def scatter(self, piece: Piece, folder: Path, buckets: int) -> None:
        scattering = Scattering(folder, piece.number)
        name = piece.name.split(".")[0].upper()
        lines = read_lines(Path(piece.files[0]), piece.name)
        if name == PERSON or name in TABLES_OF_ENTRIES:
            found = self._scattered(name, piece.name, lines, scattering, buckets)
        else:
            found = _counted(name, piece.name, lines)
        scattering.add(ALL, msgspec.msgpack.encode(found))
        scattering.finish()

    def _scattered(self, name: str, file: str, lines: Iterator[_Line], scattering: Scattering, buckets: int) -> _Table:
        """Each line goes where the next row that can be read goes, so that lines which are no rows are kept too."""
        taken: list[_Line] = []
        held = _Held(scattering, self._held, buckets)
        header: _Line | None = None
        for _, row in rows_of_table(name, file, _noted(lines, taken), Tally("OMOP")):
            if header is None:
                header = taken.pop(0)
            held.add(row["person_id"], taken)
            taken.clear()
        if header is None and taken:
            header = taken.pop(0)
        held.add("", taken)
        held.write()
        return _Table(name, file, header, {}, ())

    def gather(self, bucket: int, folder: Path) -> Batch:
        tables = {number: msgspec.msgpack.decode(part, type=_Table) for number, part in parts_of(folder, ALL)}
        files: dict[str, tuple[str, list[_Line]]] = {
            each.name: (each.file, [each.header]) for each in tables.values() if each.header is not None
        }
        for number, part in parts_of(folder, bucket):
            files[tables[number].name][1].extend(msgspec.msgpack.decode(part, type=list[_Line]))
        compiled = self._knowledge.compiled
        tally = Tally("OMOP")
        entries = read_omop(files, compiled.codes, tally)
        data = patients_of(entries, self._path, compiled.vocabulary, compiled.codes, tally)
        batch = batch_of(self._path, checked(data.patients, self._knowledge), self._knowledge, report=data.report)
        return batch if bucket else self._with_all(batch, tables.values())

    def _with_all(self, batch: Batch, tables: Iterable[_Table]) -> Batch:
        """What is true of the tables as a whole is counted once, with the first bucket."""
        fates = Counter(batch.fates)
        refused = list(batch.refused)
        for each in tables:
            fates.update(each.fates)
            refused += [Refusal(self._path, "", sentence) for sentence in each.refusals]
        return batch._replace(fates=dict(fates), refused=refused)


class _Held:
    """Lines that wait to be written, by bucket."""

    def __init__(self, scattering: Scattering, most: int, buckets: int) -> None:
        self._scattering = scattering
        self._most = most
        self._buckets = buckets
        self._lines: dict[str, list[_Line]] = {}
        self._size = 0

    def add(self, person: str, lines: list[_Line]) -> None:
        self._lines.setdefault(person, []).extend(lines)
        self._size += sum(len(line) for _, line in lines)
        if self._size > self._most:
            self.write()

    def write(self) -> None:
        """In the order of the table within a bucket."""
        persons = list(self._lines)
        by_bucket: dict[int, list[_Line]] = {}
        for person, bucket in zip(persons, buckets_of(keys_of(persons), self._buckets).tolist(), strict=True):
            by_bucket.setdefault(bucket, []).extend(self._lines[person])
        for bucket, lines in sorted(by_bucket.items()):
            self._scattering.add(bucket, msgspec.msgpack.encode(sorted(lines)))
        self._lines.clear()
        self._size = 0


def _noted(lines: Iterable[_Line], taken: list[_Line]) -> Iterator[_Line]:
    for line in lines:
        taken.append(line)
        yield line


def _counted(name: str, file: str, lines: Iterable[_Line]) -> _Table:
    """A table that says nothing of findings: its rows are counted."""
    tally = Tally("OMOP")
    for _ in rows_of_table(name, file, lines, tally):
        tally.count(Fate.IRRELEVANT, name)
    report = tally.report(0)
    return _Table(name, file, None, {fate.value: report.total(fate) for fate in report.counts}, report.refusals)
