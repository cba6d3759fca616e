"""What a path given to a run holds: which reader reads it, and the files that are behind it."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import cast

import msgspec

from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.reader import Reader
from vhkg.errors import InputError
from vhkg.patients.sources import PERSON_TABLE

_RDF = (".nt", ".nq", ".ttl", ".trig")
_TABLES = (".csv", ".tsv")
_Open = Callable[[str, Knowledge, int], Reader]


def open_readers(paths: Iterable[str], knowledge: Knowledge, piece_size: int) -> list[Reader]:
    """A reader for each path; one for each file of a folder that is no export as a whole. Raises InputError."""
    return [opener(path, knowledge, piece_size) for given in paths for path, opener in _openers(given)]


def files_of(path: str) -> list[Path]:
    """The files behind a path, sorted. Raises InputError where there are none."""
    place = Path(path)
    if not place.exists():
        raise InputError("there is no such file or folder", file=path, mend="correct the path")
    if not place.is_dir():
        return [place]
    try:
        found = sorted(each for each in place.iterdir() if each.is_file() and _suffix(each))
    except OSError as error:
        fault = f"the folder cannot be read: {(error.strerror or str(error)).lower()}"
        raise InputError(fault, file=path, mend="check it") from error
    if not found:
        fault, mend = "the folder holds no file of patients", f"put files into it that end in {', '.join(_READABLE)}"
        raise InputError(fault, file=path, mend=mend)
    return found


_READABLE = (*_RDF, ".csv", ".parquet", ".ndjson", ".json")


def _openers(path: str) -> list[tuple[str, _Open]]:
    files = files_of(path)
    if not Path(path).is_dir():
        return [(path, _of_file(files[0]))]
    kinds = {_suffix(file) for file in files}
    tables = {file.name.split(".")[0].upper() for file in files if _suffix(file) in _TABLES}
    if PERSON_TABLE in tables:
        return [(path, _omop)]
    if kinds <= {".ndjson", ".jsonl"}:
        return [(path, _lines(files))]
    if kinds == {".json"}:
        return [(path, _documents(files))]
    return [(str(file), _of_file(file)) for file in files]


def _suffix(path: Path) -> str:
    """The ending that tells the format, without that of packing; empty for files of no format of ours."""
    name = path.name.lower().removesuffix(".gz")
    return next((ending for ending in (*_READABLE, ".tsv", ".jsonl") if name.endswith(ending)), "")


def _of_file(file: Path) -> _Open:
    suffix = _suffix(file)
    if suffix in _RDF:
        return _rdf
    if suffix == ".csv":
        return _facts_csv
    if suffix == ".parquet":
        return _facts_parquet
    if suffix in (".ndjson", ".jsonl"):
        return _lines([file])
    if suffix == ".json":
        return _documents([file])
    mend = f"give a file that ends in {', '.join(_READABLE)}"
    raise InputError("a cohort is not read from such a file", file=str(file), mend=mend)


def _lines(files: Sequence[Path]) -> _Open:
    """NDJSON: of FHIR where a line names its resource type."""
    return _fhir if any(_is_fhir(file) for file in files) else _phenopackets


def _documents(files: Sequence[Path]) -> _Open:
    return _bundles if any(_is_fhir(file) for file in files) else _phenopackets


class _Start(msgspec.Struct, rename="camel"):
    resource_type: str = ""


def _is_fhir(file: Path) -> bool:
    """By the first value in a file; what cannot be read is left to the reader, which says why."""
    try:
        with _opened(file) as stream:
            start = stream.readline(1 << 26)
            text = start if start.strip() not in (b"", b"{", b"[") else start + stream.read(1 << 26)
        return bool(msgspec.json.decode(text, type=_Start).resource_type)
    except (OSError, EOFError, zlib.error, msgspec.MsgspecError, RecursionError):
        return b'"resourceType"' in _head(file)


def _head(file: Path) -> bytes:
    try:
        with _opened(file) as stream:
            return stream.read(1 << 16)
    except (OSError, EOFError, zlib.error):
        return b""


def _opened(file: Path) -> gzip.GzipFile:
    return cast("gzip.GzipFile", gzip.open(file) if file.suffix.lower() == ".gz" else file.open("rb"))


def _rdf(path: str, knowledge: Knowledge, piece_size: int) -> Reader:
    from vhkg.cohort.rdf import RdfReader

    return RdfReader(path, knowledge, piece_size)


def _facts_csv(path: str, knowledge: Knowledge, piece_size: int) -> Reader:
    from vhkg.cohort.tables.facts_csv import FactsCsv

    return FactsCsv(path, knowledge, piece_size)


def _facts_parquet(path: str, knowledge: Knowledge, piece_size: int) -> Reader:
    from vhkg.cohort.tables.facts_parquet import FactsParquet

    return FactsParquet(path, knowledge, piece_size)


def _omop(path: str, knowledge: Knowledge, piece_size: int) -> Reader:
    from vhkg.cohort.tables.omop import OmopTables

    return OmopTables(path, knowledge, piece_size)


def _phenopackets(path: str, knowledge: Knowledge, piece_size: int) -> Reader:
    from vhkg.cohort.phenopackets import Phenopackets

    return Phenopackets(path, knowledge, piece_size)


def _fhir(path: str, knowledge: Knowledge, piece_size: int) -> Reader:
    from vhkg.cohort.fhir import FhirReader

    return FhirReader(path, knowledge, piece_size)


def _bundles(path: str, knowledge: Knowledge, piece_size: int) -> Reader:
    from vhkg.cohort.fhir import BundleFolderReader

    return BundleFolderReader(path, knowledge, piece_size)
