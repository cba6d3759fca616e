"""The work folder of a run, beside its output: what is done stays done, and nothing half done has a final name.

Each unit of work is a folder that appears by renaming, so a run that is killed at any moment goes on where it was. The
output folder appears by one renaming at the end.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import glob
import io
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import polars as pl

from vhkg.cohort.tallies import Tallies, added
from vhkg.errors import EngineError, UsageError
from vhkg.model.cohort import TABLES

RUN_FILE = "run.json"
_KEYS = "keys.npy"
_FATES = "fates.json"
_TALLIES = "tallies.json"


class Run(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What a run is of. Two runs with the same description give the same output."""

    software: str
    knowledge_version: str
    knowledge_digest: str
    readings: dict[str, str]
    as_of: str
    piece_size: int
    inputs: tuple[tuple[str, int, int], ...]
    """Path as given, and of what is there: its size in bytes and when it was last changed, in nanoseconds."""
    engine: str = "columns"


class Journal:
    """One run's work folder. Raises EngineError where it cannot be written, for a full disk say."""

    def __init__(self, output: Path) -> None:
        self.output = output
        self.folder = output.with_name(output.name + ".partial")
        self.parts = self.folder / "parts"

    def begin(self, run: Run) -> bool:
        """Make the work folder, or find that of the same run; false if its output is there already.

        Raises UsageError where the output folder, or the work folder, holds anything else.
        """
        own = glob.escape(self.folder.name)
        with self.writing():
            if self.output.exists() and (not self.output.is_dir() or any(self.output.iterdir())):
                if _read(self.output / RUN_FILE) != run:
                    fault = "the output folder holds something else than this run's output"
                    raise UsageError(fault, file=str(self.output), mend="give another folder, or remove it")
                _discard(self.folder)
                _clear(self.folder.parent, own)
                return False
            _clear(self.folder.parent, own)
            if self.folder.exists():
                if _read(self.folder / RUN_FILE) != run:
                    fault = "an unfinished run over other input, or with other options, is there"
                    raise UsageError(fault, file=str(self.folder), mend="remove it, or give another output folder")
                _clear(self.parts, "*")
            else:
                passing = _passing(self.folder)
                (passing / self.parts.name).mkdir(parents=True)
                (passing / RUN_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(run)))
                passing.rename(self.folder)
            return True

    # --- units

    def done(self, unit: str) -> bool:
        return (self.parts / unit).exists()

    def put(
        self,
        unit: str,
        tables: Mapping[str, pl.DataFrame],
        keys: npt.NDArray[np.uint64],
        fates: Mapping[str, int],
        tallies: Tallies,
    ) -> None:
        """Keep the output of a unit. Tables without rows leave no file."""
        folder = _passing(self.parts / unit)
        with self.writing():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            for name, frame in tables.items():
                if len(frame):
                    _write(frame, folder / f"{name}.parquet")
            np.save(folder / _KEYS, _different(keys))
            (folder / _FATES).write_bytes(msgspec.json.encode(dict(sorted(fates.items()))))
            (folder / _TALLIES).write_bytes(msgspec.json.encode(tallies))
            if not self.done(unit):
                folder.rename(self.parts / unit)

    def drop(self, units: Sequence[str]) -> None:
        """Forget units, which will be done another way."""
        with self.writing():
            for unit in units:
                _discard(self.parts / unit)

    def repeated(self, units: Sequence[str]) -> bool:
        """Whether a key is in more than one of some units."""
        found = [np.load(self.parts / unit / _KEYS) for unit in units]
        together = np.sort(np.concatenate(found)) if found else np.empty(0, np.uint64)
        return bool((together[1:] == together[:-1]).any())

    def fates(self, units: Sequence[str]) -> dict[str, int]:
        """What became of the entries of some units, counted."""
        total: dict[str, int] = {}
        for unit in units:
            for fate, count in msgspec.json.decode(
                (self.parts / unit / _FATES).read_bytes(), type=dict[str, int]
            ).items():
                total[fate] = total.get(fate, 0) + count
        return dict(sorted(total.items()))

    def tallies(self, units: Sequence[str]) -> Tallies:
        """What was counted of the answers of some units."""
        parts = [(self.parts / unit / _TALLIES).read_bytes() for unit in units]
        return added(msgspec.json.decode(part, type=Tallies) for part in parts)

    # --- the end

    def gather(self, units: Sequence[str], empty: Mapping[str, pl.DataFrame]) -> Path:
        """The tables of all units in their order, as folders of parts; can be repeated after an interruption.

        The first part of each table is there whether or not it has rows, so that its columns are known.
        """
        final = self.folder / "final"
        with self.writing():
            for name in TABLES:
                (final / name).mkdir(parents=True, exist_ok=True)
                number = 0
                for unit in units:
                    source, target = self.parts / unit / f"{name}.parquet", _part(final / name, number)
                    if source.exists():
                        if not target.exists():
                            os.link(source, target)
                        number += 1
                if not number:
                    _write(empty[name], _part(final / name, 0))
        return final

    def finish(self, final: Path) -> None:
        """Give the output its name."""
        with self.writing():
            self.write(final / RUN_FILE, (self.folder / RUN_FILE).read_bytes())
            if self.output.exists():
                self.output.rmdir()
            final.rename(self.output)
            _discard(self.folder)

    def write(self, path: Path, content: bytes) -> None:
        """Write a file that is there whole or not at all."""
        with self.writing():
            passing = path.with_name(f"{path.name}.tmp")
            passing.write_bytes(content)
            passing.replace(path)

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Say what failed, and that the run can go on, where the disk fails."""
        try:
            yield
        except OSError as error:
            fault = "the disk is full" if error.errno == errno.ENOSPC else (error.strerror or str(error)).lower()
            raise EngineError(f"it cannot be written: {fault}", file=str(self.folder), mend=_GO_ON) from error
        except pl.exceptions.ComputeError as error:
            raise EngineError(f"it cannot be written: {error}", file=str(self.folder), mend=_GO_ON) from error


_GO_ON = "make room and run the same command again, which goes on where it stopped"


def _different(keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Sorting is many times faster than `numpy.unique`, which hashes."""
    ordered = np.sort(keys)
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))] if len(ordered) else ordered


def _write(frame: pl.DataFrame, path: Path) -> None:
    """As Parquet, in one row group, so that texts are written once, that says of every column of texts that it holds
    plain texts, whatever the frame has for them.

    Polars notes in each file what it holds, and reads it so again: members of an Enum, which are others in each part.
    """
    plain = {name: pl.String() if isinstance(kind, pl.Enum) else kind for name, kind in frame.schema.items()}
    noted = {_NOTE: _note(tuple(plain.items()))}
    rows = max(len(frame), 1)
    frame.write_parquet(path, compression="lz4", statistics=False, row_group_size=rows, metadata=noted)


@functools.cache
def _note(columns: tuple[tuple[str, pl.DataType], ...]) -> str:
    """What Polars notes of a frame with such columns."""
    empty = io.BytesIO()
    pl.DataFrame(schema=dict(columns)).write_parquet(empty)
    empty.seek(0)
    return pl.read_parquet_metadata(empty)[_NOTE]


_NOTE = "ARROW:schema"


def _passing(folder: Path) -> Path:
    """The name of a folder while it is made, or removed: nobody takes it for the whole."""
    return folder.with_name(f"{folder.name}.{os.getpid()}.tmp")


def _discard(folder: Path) -> None:
    """Remove a folder that may be there, so that it is there whole or not at all."""
    if folder.exists():
        passing = _passing(folder)
        shutil.rmtree(passing, ignore_errors=True)
        folder.rename(passing)
        shutil.rmtree(passing)


def _clear(parent: Path, names: str) -> None:
    """Remove what an interruption left of making, or removing, folders whose names are of a pattern."""
    for left in parent.glob(f"{names}.*.tmp"):
        shutil.rmtree(left)


def _part(folder: Path, number: int) -> Path:
    return folder / f"part-{number:05}.parquet"


def _read(path: Path) -> Run | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Run)
    except (OSError, msgspec.DecodeError):
        return None
