"""Whole runs as a user starts them: killed and gone on with, with bad records, on a full disk, on many processes."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from multiprocessing.process import BaseProcess
from pathlib import Path

import polars as pl
import pytest

from tests.cohort.generator import Form, generate, write
from vhkg.cli import main
from vhkg.model.cohort import TABLES

SMALL = 40_000
"""Bytes of a piece, so that even these runs have many."""


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "vhkg", "cohort", *map(str, arguments)]


def started(*arguments: str | Path, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """In a process group of its own, so that its children can be killed with it."""
    return subprocess.Popen(
        command(*arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env={**os.environ, **(env or {})},
    )


def finished(*arguments: str | Path, env: Mapping[str, str] | None = None) -> tuple[int, str, str]:
    process = started(*arguments, env=env)
    out, err = process.communicate(timeout=600)
    return process.returncode, out.decode(), err.decode()


def contents(folder: Path) -> dict[str, str]:
    """What is in a folder, by name, as digests."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def table(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(folder / name).sort(pl.all())


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some patients, in some thousand lines."""
    folder = tmp_path_factory.mktemp("facts")
    return write(generate(11, 1_500), Form.CSV, folder)


@pytest.fixture(scope="module")
def undisturbed(facts: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("undisturbed") / "out"
    code, out, err = finished(facts, "-o", output, "--workers", "1", "--piece-size", str(SMALL))
    assert code in (0, 1), err
    assert "patients" in out
    return output


def test_the_output_has_every_table_and_the_report(undisturbed: Path) -> None:
    assert {path.name for path in undisturbed.iterdir()} == {*TABLES, "report.json", "report.html", "run.json"}
    assert not undisturbed.with_name("out.partial").exists()
    assert len(list((undisturbed / "answers").iterdir())) > 5, "the run has several pieces"


@pytest.mark.parametrize(
    ("workers", "env"),
    [
        ("2", {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati"}),
        ("3", {"PYTHONHASHSEED": "77", "LC_ALL": "C", "TZ": "America/Adak"}),
    ],
)
def test_processes_hash_seed_locale_and_time_zone_change_no_byte(
    facts: Path, undisturbed: Path, tmp_path: Path, workers: str, env: dict[str, str]
) -> None:
    code, _, err = finished(facts, "-o", tmp_path / "out", "--workers", workers, "--piece-size", str(SMALL), env=env)
    assert code in (0, 1), err
    assert contents(tmp_path / "out") == contents(undisturbed)


def preloaded(*arguments: str | Path) -> BaseProcess:
    """In a process that has imported everything before, so that a kill hits it at work; its exit code is the run's."""
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload(["vhkg.cli.cohort", "vhkg.cohort.running", "vhkg.cohort.report"])
    process = forks.Process(target=_main, args=([str(each) for each in ("vhkg", "cohort", *arguments)],))
    process.start()
    return process


def _main(arguments: list[str]) -> None:
    sys.argv = arguments
    main()


def test_killed_at_random_moments_it_goes_on_where_it_was(tmp_path: Path) -> None:
    """Twenty thousand patients, killed sixteen times as one process, and four times with all processes of a run."""
    facts = write(generate(5, 20_000), Form.CSV, tmp_path)
    out, other = tmp_path / "out", tmp_path / "other"
    options = ("--piece-size", str(400_000), "--workers")
    began = time.monotonic()
    whole = preloaded(facts, "-o", other, *options, "1")
    whole.join()
    duration = time.monotonic() - began
    assert whole.exitcode in (0, 1)
    undisturbed = contents(other)
    moments = random.Random(3)
    killed, at_work = 0, 0
    while killed < 20:
        if killed < 16:
            single = preloaded(facts, "-o", out, *options, "1")
            single.join(moments.uniform(0, duration / 2))
            running = single.exitcode is None
            single.kill()
            single.join()
        else:
            several = started(facts, "-o", out, *options, "2")
            time.sleep(moments.uniform(0.05, 4.0))
            running = several.poll() is None
            if running:
                os.killpg(several.pid, signal.SIGKILL)
            several.communicate()
        killed += running
        at_work += running and out.with_name("out.partial").exists()
        if out.exists():  # it was over before, or by the last renaming: once more from the start
            assert contents(out) == undisturbed
            shutil.rmtree(out)
    assert at_work
    assert finished(facts, "-o", out, *options, "2")[0] in (0, 1)
    assert contents(out) == undisturbed


def test_the_same_run_again_is_done_already_and_another_is_refused(facts: Path, undisturbed: Path) -> None:
    before = contents(undisturbed)
    arguments = (facts, "-o", undisturbed, "--workers", "1", "--piece-size", str(SMALL))
    assert finished(*arguments)[0] in (0, 1)
    assert contents(undisturbed) == before
    code, _, err = finished(*arguments, "--as-of", "2026-01-01")
    assert code == 2
    assert "the output folder holds something else than this run's output; give another folder" in err


def test_an_unfinished_run_of_other_input_is_not_gone_on_with(facts: Path, tmp_path: Path) -> None:
    (tmp_path / "out.partial").mkdir()
    code, _, err = finished(facts, "-o", tmp_path / "out")
    assert code == 2
    assert "out.partial: an unfinished run over other input" in err
    assert not (tmp_path / "out").exists()


def test_bad_records_are_named_and_the_others_are_as_without_them(tmp_path: Path) -> None:
    good = write(generate(21, 2_000), Form.CSV, tmp_path)
    lines = good.read_text(encoding="utf-8").splitlines(keepends=True)
    bad = [f"bad{number},T9,NoSuchFinding,present,2026-01-01\n" for number in range(10)]
    mixed = [lines[0]]
    for number, line in enumerate(lines[1:]):
        if number % (len(lines) // 10) == 5 and bad and line.partition(",")[0] != lines[number].partition(",")[0]:
            mixed.append(bad.pop())
        mixed.append(line)
    with_bad = tmp_path / "bad" / good.name
    with_bad.parent.mkdir()
    with_bad.write_text("".join((*mixed, *bad)), encoding="utf-8")
    plain, other = tmp_path / "plain", tmp_path / "other"
    assert finished(good, "-o", plain)[0] in (0, 1)
    code, _, err = finished(with_bad, "-o", other)
    assert code == 1
    refused = table(other, "refused").filter(pl.col("message").str.contains("NoSuchFinding"))
    assert set(refused["patient"]) == {f"bad{number}" for number in range(10)}
    assert all("line " in message for message in refused["message"])
    assert "NoSuchFinding" in err
    for name in ("answers", "patients", "validation", "conflicts"):
        found = table(other, name).drop("file")
        assert found.equals(table(plain, name).drop("file")), name


def _little_room() -> None:
    """As on a full disk: no file of this process can grow beyond this."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


def test_a_disk_that_takes_no_more_leaves_nothing_and_one_sentence(
    facts: Path, undisturbed: Path, tmp_path: Path
) -> None:
    arguments = (facts, "-o", tmp_path / "out", "--workers", "1", "--piece-size", str(SMALL))
    process = subprocess.run(command(*arguments), capture_output=True, preexec_fn=_little_room, check=False)
    said = process.stderr.decode().splitlines()
    assert process.returncode == 4, said
    assert said[-1].startswith("vhkg: ")
    assert "out.partial: it cannot be written: " in said[-1]
    assert "which goes on where it stopped." in said[-1]
    assert not any("Traceback" in line for line in said)
    assert not (tmp_path / "out").exists()
    assert finished(*arguments)[0] in (0, 1)
    assert contents(tmp_path / "out") == contents(undisturbed)


def inputs_at_fault(folder: Path) -> Iterable[tuple[str, str]]:
    damaged = folder / "damaged.csv.gz"
    damaged.write_bytes(b"\x1f\x8b\x08\x00garbage")
    yield str(damaged), "damaged"
    yield str(folder / "missing.csv"), "there is no such file or folder"
    odd = folder / "notes.txt"
    odd.write_text("nothing", encoding="utf-8")
    yield str(odd), "a cohort is not read from such a file"


def test_input_that_cannot_be_read_is_one_sentence_and_leaves_no_output(facts: Path, tmp_path: Path) -> None:
    for number, (given, said) in enumerate(inputs_at_fault(tmp_path)):
        output = tmp_path / f"out{number}"
        code, out, err = finished(facts, given, "-o", output)
        assert code == 3, (given, err)
        assert said in err
        assert Path(given).name in err
        assert "Traceback" not in err
        assert not out
        assert not output.exists()


def test_what_is_given_twice_is_refused_since_its_patients_would_count_twice(facts: Path, tmp_path: Path) -> None:
    for second in (facts, facts.parent / "." / facts.name):
        code, _, err = finished(facts, second, "-o", tmp_path / "out")
        assert code == 2
        assert err == f"vhkg: {facts}: it is given twice; give it once, or only its folder.\n"
    assert not (tmp_path / "out").exists()
