"""Cohorts on disk: each form of each size is made once, and kept while seed, knowledge and code are the same."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path

from benchmarks.cohort.drawing import SEED, Block, Shares, blocks
from benchmarks.cohort.fhir import write_bulk, write_bundles
from benchmarks.cohort.rdf import write_ntriples, write_shuffled
from benchmarks.cohort.tables import write_csv, write_parquet
from benchmarks.cohort.terms import Terms


class Form(StrEnum):
    """How the same patients are written; the value is the name of the file or folder."""

    NTRIPLES = "patients.nt"
    SHUFFLED = "shuffled.nt"
    CSV = "facts.csv"
    PARQUET = "facts.parquet"
    FHIR = "fhir"
    BUNDLES = "bundles.ndjson"


_WRITERS: dict[Form, Callable[[Path, Iterable[Block], Terms], None]] = {
    Form.NTRIPLES: write_ntriples,
    Form.CSV: write_csv,
    Form.PARQUET: write_parquet,
    Form.FHIR: write_bulk,
    Form.BUNDLES: write_bundles,
}


_CODE = ("drawing.py", "fhir.py", "rdf.py", "tables.py", "terms.py")


class Cohorts:
    """The folder in which cohorts are kept, one folder for each number of patients."""

    def __init__(self, folder: Path, terms: Terms, shares: Shares | None = None) -> None:
        self._folder = folder
        self._terms = terms
        self._shares = shares or Shares()

    def folder(self, patients: int) -> Path:
        """The folder of a size, emptied of what another seed or knowledge made."""
        folder = self._folder / str(patients)
        made, stamp = folder / "made.json", self._stamp()
        if folder.exists() and (not made.exists() or json.loads(made.read_text()) != stamp):
            shutil.rmtree(folder)
        folder.mkdir(parents=True, exist_ok=True)
        made.write_text(json.dumps(stamp))
        return folder

    def file(self, patients: int, form: Form) -> Path:
        """The file or folder of a form, written if it is not there yet."""
        folder = self.folder(patients)
        target = folder / form.value
        if target.exists():
            return target
        unfinished = folder / f"unfinished-{form.value}"
        if form is Form.SHUFFLED:
            write_shuffled(unfinished, self.file(patients, Form.NTRIPLES))
        else:
            _WRITERS[form](unfinished, blocks(patients, self._terms, self._shares), self._terms)
        return unfinished.rename(target)

    def _stamp(self) -> dict[str, object]:
        code = hashlib.sha256(b"".join((Path(__file__).parent / name).read_bytes() for name in _CODE))
        return {"seed": SEED, "knowledge": self._terms.digest, "shares": list(self._shares), "code": code.hexdigest()}
