"""Patients whose statements are not understood as columns: each group is read as a document of its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from vhkg.answering.knowledge import Knowledge, Patient
from vhkg.cohort.batch import Batch, Refusal
from vhkg.cohort.records import batch_of
from vhkg.errors import InputError
from vhkg.intake import PATIENT_FILE_LIMIT, Document, Format
from vhkg.intake.gate import shown

_LINE = re.compile(r"^line \d+(?:, column \d+)?(?:, )?")


class Part(NamedTuple):
    """What is said of a group of nodes: its lines, its `patients`, and how to find a node to name it by."""

    content: bytes
    patients: tuple[str, ...]
    node: Callable[[], str]


def exact_batch(file: str, format: Format, parts: Iterable[Part], knowledge: Knowledge) -> Batch:
    """Each group is read alone, so that a fault of one changes nothing in the others."""
    patients: list[Patient] = []
    refused: list[Refusal] = []
    fates: Counter[str] = Counter()
    for part in parts:
        try:
            if len(part.content) > PATIENT_FILE_LIMIT:
                raise InputError("there are more than 2 MiB about it", file=file, mend="leave out what is not needed")
            found = knowledge.read_source(Document(name=file, content=part.content, format=format))
        except InputError as error:
            refused += _refusals(file, part, error)
            continue
        patients += found.patients
        fates.update({fate.value: found.report.total(fate) for fate in found.report.counts})
    return batch_of(file, patients, knowledge, refused=refused)._replace(fates=dict(fates))


def _refusals(file: str, part: Part, error: InputError) -> Sequence[Refusal]:
    """The message names the node. Lines of the part are not those of the file, so none is named."""
    error.place = _LINE.sub("", error.place or "") or f"node {shown(part.node())}"
    return [Refusal(file, patient, str(error)) for patient in part.patients or ("",)]
