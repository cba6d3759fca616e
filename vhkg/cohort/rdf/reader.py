"""A cohort in one file of N-Triples, N-Quads, Turtle or TriG, plain or packed with gzip."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.batch import Batch
from vhkg.cohort.joining import joined
from vhkg.cohort.rdf.conversion import texts_of
from vhkg.cohort.rdf.cutting import Cutter
from vhkg.cohort.rdf.lines import lines_of
from vhkg.cohort.rdf.ordering import in_order
from vhkg.cohort.rdf.partition import Partition
from vhkg.cohort.rdf.text import TextReader
from vhkg.cohort.reader import Piece, ScatteredError
from vhkg.errors import InputError
from vhkg.intake import Format, unreadable
from vhkg.intake.document import line_number

_FORMATS = {".nt": Format.NTRIPLES, ".nq": Format.NQUADS, ".ttl": Format.TURTLE, ".trig": Format.TRIG}
_BOM = b"\xef\xbb\xbf"
_PACKED = 16
"""As many times larger, at most, a packed file is taken to be where it is read at once."""
_LINK, _RESOLVE = range(2)

_Arguments: TypeAlias = tuple[str, Knowledge, int]


class RdfReader:
    """The unit is the patient: a fault in what is said of one changes nothing in the others.

    N-Triples and N-Quads are read piece by piece from where they stand. Packed files, Turtle and TriG have one piece;
    a large one is partitioned without being tried.
    """

    preparations = 2

    def __init__(self, path: str, knowledge: Knowledge, piece_size: int = 16 << 20) -> None:
        self._path = Path(path)
        self._name = path
        self._knowledge = knowledge
        self._piece_size = piece_size
        suffixes = [each.lower() for each in self._path.suffixes]
        self._packed = suffixes[-1:] == [".gz"]
        suffix = next(iter((suffixes[:-1] if self._packed else suffixes)[-1:]), "")
        if suffix not in _FORMATS:
            raise InputError("this is no file of RDF", file=path, mend=f"name it {', '.join(_FORMATS)} or so with .gz")
        self._format = _FORMATS[suffix]
        self._streamed = self._packed or self._format in (Format.TURTLE, Format.TRIG)

    def __reduce__(self) -> tuple[type[RdfReader], _Arguments]:
        knowledge = Knowledge(self._knowledge.files, self._knowledge.compiled, self._knowledge.codes)
        return RdfReader, (self._name, knowledge, self._piece_size)

    @property
    def partitions(self) -> bool:
        """True of files that are read from front to end and too large to be read at once."""
        return self._streamed and self._size * (_PACKED if self._packed else 1) > 2 * self._piece_size

    def pieces(self) -> Sequence[Piece]:
        """Equal parts of the file, in bytes."""
        if self._streamed:
            return (Piece(0, self._name, (self._name,)),)
        starts = range(0, self._size, self._piece_size)
        return tuple(
            Piece(number, self._name, (self._name,), start, min(start + self._piece_size, self._size))
            for number, start in enumerate(starts)
        )

    def read(self, piece: Piece) -> Batch:
        """The patients of a piece. Raises ScatteredError where they go beyond it, and InputError."""
        if self._streamed:
            return self._texts.batch(self._all(), whole=True)
        start, end = self._cutter.cut(piece.start), self._cutter.cut(piece.end)
        text = self._text(start, end)
        whole = start == 0 and end == self._size
        return self._texts.batch(text, whole=whole, lines_before=lambda: self._lines_before(start))

    def prepare(self, piece: Piece, folder: Path, buckets: int, stage: int) -> None:
        """Note who bears whom (stage 0); then find every node's bucket, all with the first piece (stage 1)."""
        partition = Partition(folder, self._piece_size)
        if stage == _LINK:
            for number, text in enumerate(self._stored(partition)) if self._streamed else [self._piece_text(piece)]:
                partition.link(number, len(text), self._texts.links(text))
        elif stage == _RESOLVE and piece.number == 0:
            partition.resolve(buckets)

    def scatter(self, piece: Piece, folder: Path, buckets: int) -> None:
        """Write the lines of a piece, those of a bucket together; as many buckets as it was prepared for."""
        partition = Partition(folder, self._piece_size)
        before = 0
        for number, text in partition.texts() if self._streamed else [self._piece_text(piece)]:
            lines = lines_of(text)
            subjects = self._texts.subjects(lines)
            if not self._streamed and any(line.fault for line in subjects.odd.values()):
                before = self._lines_before(self._cutter.line(piece.start))
            partition.route(number, lines, subjects, buckets, before)
            before += text.count(b"\n")

    def gather(self, bucket: int, folder: Path) -> Batch:
        """The patients of a bucket, from what all pieces wrote."""
        found = [
            self._texts.batch(part.text, whole=True, faulty=part.faulty)
            for part in Partition(folder, self._piece_size).parts(bucket)
        ]
        return found[0] if len(found) == 1 else in_order(joined(found))

    @cached_property
    def _texts(self) -> TextReader:
        own_lines = self._format in (Format.NTRIPLES, Format.NQUADS)
        format = self._format if own_lines else Format.NQUADS
        return TextReader(self._name, format, self._knowledge, numbered=own_lines)

    @cached_property
    def _cutter(self) -> Cutter:
        lexicon = self._texts.lexicon
        links = zip(lexicon.predicates, lexicon.links.tolist(), strict=True)
        return Cutter(
            self._path, self._size, self._piece_size, frozenset(f"<{iri}>".encode() for iri, leads in links if leads)
        )

    @cached_property
    def _size(self) -> int:
        try:
            size = self._path.stat().st_size
        except OSError as error:
            raise unreadable(self._name, error) from error
        if not size:
            raise InputError("it is empty", file=self._name, mend="give a file with patients in it")
        return size

    def _piece_text(self, piece: Piece) -> tuple[int, bytes]:
        return piece.number, self._text(self._cutter.line(piece.start), self._cutter.line(piece.end))

    def _text(self, start: int, end: int) -> bytes:
        """Bytes of the file, without a byte order mark."""
        try:
            with self._path.open("rb") as stream:
                stream.seek(start)
                text = stream.read(end - start)
        except OSError as error:
            raise unreadable(self._name, error) from error
        if start == 0 and text.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise InputError("it is UTF-16, not UTF-8", file=self._name, mend="save it as UTF-8")
        return text.removeprefix(_BOM) if start == 0 else text

    def _all(self) -> bytes:
        """The text of a file that has one piece, as long as it can be read at once."""
        found: list[bytes] = []
        size = 0
        for text in texts_of(self._path, self._format, self._piece_size):
            size += len(text)
            if size > 4 * self._piece_size:
                raise ScatteredError
            found.append(text)
        return b"".join(found).removeprefix(_BOM)

    def _stored(self, partition: Partition) -> Iterator[bytes]:
        """The texts of a file that has one piece, each kept for the stages to come before it is given."""
        for number, text in enumerate(texts_of(self._path, self._format, self._piece_size)):
            kept = text.removeprefix(_BOM) if number == 0 else text
            partition.keep(number, kept)
            yield kept

    def _lines_before(self, offset: int) -> int:
        found = 0
        with self._path.open("rb") as stream:
            while offset > 0 and (part := stream.read(min(offset, 1 << 20))):
                found += line_number(part, len(part)) - 1
                offset -= len(part)
        return found
