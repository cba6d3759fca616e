"""Many phenopackets: a folder with one a file, or NDJSON with one a line.

Each is read as `vhkg recommend` reads it, and is a patient of its own. Subjects have names within one study only, so
where several packets name the same subject, they are told apart by file or line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from vhkg.answering.knowledge import Knowledge, Patient, Patients
from vhkg.cohort.batch import Batch, Refusal
from vhkg.cohort.fhir.piece_lines import lines_of
from vhkg.cohort.keys import buckets_of, keys_of
from vhkg.cohort.reader import Piece
from vhkg.cohort.records import batch_of
from vhkg.cohort.tables.line_ranges import is_packed, opened
from vhkg.cohort.tables.scattered import Scattering, parts_of
from vhkg.errors import InputError
from vhkg.intake import Document, Format, document, read_bytes, unprintable, unreadable
from vhkg.intake.lines import LINE_LIMIT
from vhkg.model.source_report import Fate

PIECE_SIZE = 16 * 1024 * 1024
_FORM = "phenopacket"
_ONLY_LINE = re.compile(r"^line 1\b(?:, )?")
_BLOCK = 1024 * 1024


class _Packet(msgspec.Struct, frozen=True, array_like=True):
    """`line` is counted from 1 in the piece of the file that begins at `start`; 0 stands for a file of one packet,
    whose content is then left out.
    """

    file: str
    start: int = 0
    line: int = 0
    content: bytes = b""


class Phenopackets:
    """Reader of a file or folder. In a folder, files that are no JSON are left alone."""

    partitions = False

    def __init__(self, path: str, knowledge: Knowledge, piece_size: int = PIECE_SIZE) -> None:
        self._path = path
        self._knowledge = knowledge
        self._piece_size = piece_size

    def pieces(self) -> Sequence[Piece]:
        """Ranges of a file of lines, and groups of files that hold one packet each."""
        found: list[Piece] = []
        group: list[str] = []
        held = 0
        for file, size in self._files():
            if not _has_lines(file):
                group.append(file)
                held += size
                if held < self._piece_size:
                    continue
            if group:
                found.append(Piece(len(found), self._path, tuple(group)))
                group, held = [], 0
            if _has_lines(file):
                for start, end in self._ranges(file, size):
                    found.append(Piece(len(found), file, (file,), start, end))
        return [*found, Piece(len(found), self._path, tuple(group))] if group else found

    def _files(self) -> list[tuple[str, int]]:
        place = Path(self._path)
        try:
            files = sorted(place.iterdir()) if place.is_dir() else [place]
            found = [(file, file.stat().st_size) for file in files if file == place or _is_json(file)]
        except OSError as error:
            raise unreadable(self._path, error) from error
        if not found:
            raise InputError("the folder holds no JSON", file=self._path, mend="put phenopackets into it")
        return [(str(file), size) for file, size in found]

    def _ranges(self, file: str, size: int) -> list[tuple[int, int]]:
        if is_packed(file) or size <= self._piece_size:
            return [(0, 0)]
        return [(start, min(start + self._piece_size, size)) for start in range(0, size, self._piece_size)]

    def read(self, piece: Piece) -> Batch:
        return self._batch(_packets(piece))

    def scatter(self, piece: Piece, folder: Path, buckets: int) -> None:
        scattering = Scattering(folder, piece.number)
        for packet in _packets(piece):
            (bucket,) = buckets_of(keys_of([_subject(packet)]), buckets).tolist()
            scattering.add(bucket, msgspec.msgpack.encode(packet))
        scattering.finish()

    def gather(self, bucket: int, folder: Path) -> Batch:
        return self._batch(msgspec.msgpack.decode(part, type=_Packet) for _, part in parts_of(folder, bucket))

    def _batch(self, packets: Iterable[_Packet]) -> Batch:
        read: list[tuple[_Packet, Patient]] = []
        refused: list[Refusal] = []
        unmapped: Counter[str] = Counter()
        fates: Counter[str] = Counter()
        for packet in packets:
            try:
                found = self._read(packet)
            except InputError as error:
                refused.append(Refusal(self._path, "", str(error)))
                fates[Fate.REFUSED.value] += 1
                continue
            read += ((packet, patient) for patient in found.patients)
            refused += (Refusal(self._path, "", _placed(sentence, packet)) for sentence in found.report.refusals)
            unmapped.update(found.report.counts.get(Fate.UNMAPPED, {}))
            fates.update({fate.value: found.report.total(fate) for fate in found.report.counts})
        subjects = Counter(patient.record.patient for _, patient in read)
        patients = [_told_apart(patient, packet, subjects) for packet, patient in read]
        batch = batch_of(self._path, patients, self._knowledge, refused=refused)
        return batch._replace(unmapped=dict(unmapped), fates=dict(fates), keys=keys_of(list(subjects)))

    def _read(self, packet: _Packet) -> Patients:
        """Raises InputError, with the line in its place."""
        try:
            if len(packet.content) > LINE_LIMIT:
                raise InputError("a line is longer than 2 MiB", file=packet.file, mend="split the record")
            found = self._knowledge.read_source(_document(packet))
            if found.report.format != _FORM:
                raise InputError("it is no phenopacket", file=packet.file, mend="give one with a subject and metaData")
        except InputError as error:
            if packet.line:
                within = _ONLY_LINE.sub("", error.place or "")
                error.place = ", ".join(filter(None, (f"line {_line_number(packet)}", within)))
            raise
        return found


def _has_lines(file: str) -> bool:
    return file.lower().removesuffix(".gz").endswith((".ndjson", ".jsonl"))


def _is_json(file: Path) -> bool:
    return file.is_file() and (_has_lines(file.name) or file.name.lower().removesuffix(".gz").endswith(".json"))


def _packets(piece: Piece) -> Iterator[_Packet]:
    if not _has_lines(piece.files[0]):
        yield from map(_Packet, piece.files)
        return
    for line, content in lines_of(piece):
        if content.strip():
            yield _Packet(piece.files[0], piece.start, line, content)


def _document(packet: _Packet) -> Document:
    """A line holds JSON whatever it looks like; a file is what its name and content say."""
    if not packet.line:
        return read_bytes(packet.file)
    checked = document(packet.file, packet.content, limit=LINE_LIMIT)
    return Document(name=packet.file, content=checked.content, format=Format.JSON)


class _Named(msgspec.Struct, frozen=True):
    id: str = ""


class _Start(msgspec.Struct, frozen=True):
    id: str = ""
    subject: _Named = _Named()


def _subject(packet: _Packet) -> str:
    """What a packet that can be read names as its subject; of others anything, since they are refused anywhere."""
    try:
        start = msgspec.json.decode(_document(packet).content, type=_Start)
    except (InputError, msgspec.MsgspecError, RecursionError):
        return ""
    return start.subject.id or start.id


def _told_apart(patient: Patient, packet: _Packet, subjects: Counter[str]) -> Patient:
    name = patient.record.patient
    if subjects[name] == 1:
        return patient
    file = Path(packet.file).name
    place = f"{ascii(file) if unprintable(file) else file}{f', line {_line_number(packet)}' if packet.line else ''}"
    return msgspec.structs.replace(
        patient, record=msgspec.structs.replace(patient.record, patient=f"{name} in {place}")
    )


def _placed(sentence: str, packet: _Packet) -> str:
    """A sentence that begins with the file, with the line after it."""
    if not packet.line:
        return sentence
    return f"{packet.file}, line {_line_number(packet)}{sentence.removeprefix(packet.file)}"


def _line_number(packet: _Packet) -> int:
    """In the file. What is before the piece is counted when it is asked for, since that is rare."""
    return packet.line + (_line_ends(packet.file, packet.start - 1) + 1 if packet.start else 0)


def _line_ends(file: str, end: int) -> int:
    found = 0
    with opened(file) as stream:
        while end > 0 and (block := stream.read(min(_BLOCK, end))):
            found += block.count(b"\n")
            end -= len(block)
    return found
