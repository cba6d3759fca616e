"""Cohorts: floors, peers and ours over the same files, side by side; a table, a plot and all numbers.

`-o` names a folder: report.md, rates.svg and runs.json. Data are seeded, and kept in `--workdir`. With `--peers-from`,
the peers of an earlier runs.json, which are slow, stand in where none is run; such ratios are not of one run.
"""

from __future__ import annotations

import argparse
import shlex
import sys
import tempfile
import time
from pathlib import Path

import msgspec

import vhkg
from benchmarks.cohort.data import Cohorts
from benchmarks.cohort.drawing import Shares
from benchmarks.cohort.jobs import Kind, jobs
from benchmarks.cohort.measuring import Bench, Measured, chosen
from benchmarks.cohort.plot import plot
from benchmarks.cohort.ratios import ratios
from benchmarks.cohort.table import report
from benchmarks.cohort.terms import Terms


def main(arguments: list[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    workdir = options.workdir.resolve()
    workdir.mkdir(parents=True, exist_ok=True)
    knowledge = vhkg.load()
    wanted = chosen(jobs(), options.only)
    if not wanted:
        raise SystemExit(f"no job is called so; there are: {', '.join(job.name for job in jobs())}")
    cohorts = Cohorts(workdir, Terms.of(knowledge), Shares()._replace(**dict(options.share)))
    start = time.perf_counter()

    def say(text: str) -> None:
        print(f"{time.perf_counter() - start:7.1f} s  {text}", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory(dir=workdir) as scratch:
        measured = Bench(cohorts, knowledge, Path(scratch), say).measure(wanted, options.patients, options.rounds)
    if options.peers_from:
        known = msgspec.json.decode(options.peers_from.read_bytes(), type=list[Measured])
        names = {each.name for each in measured}
        measured += [each for each in known if each.kind == Kind.PEER and each.name not in names]
    command = shlex.join(["python", "-m", "benchmarks.cohort", *(sys.argv[1:] if arguments is None else arguments)])
    text = report(measured, ratios(measured), command=command, rounds=options.rounds, digest=knowledge.compiled.digest)
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "report.md").write_text(text, encoding="utf-8")
    (options.output / "rates.svg").write_text(plot(measured), encoding="utf-8")
    (options.output / "runs.json").write_bytes(msgspec.json.format(msgspec.json.encode(measured)))
    print(text)


def _share(text: str) -> tuple[str, float]:
    name, _, number = text.partition("=")
    if name not in Shares._fields or not 0 <= float(number) <= 1:
        raise ValueError(text)
    return name, float(number)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.cohort", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--patients", type=int, nargs="+", default=[10_000, 100_000], help="sizes of floors and ours")
    parser.add_argument("--only", nargs="+", default=[], help="patterns of job names, or floor, peer, ours")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workdir", type=Path, default=Path("build/benchmarks"), help="where data are kept")
    parser.add_argument(
        "--share",
        type=_share,
        nargs="+",
        default=[],
        metavar="NAME=NUMBER",
        help=f"how many patients or facts are so, of {', '.join(Shares._fields)}",
    )
    parser.add_argument("--peers-from", type=Path, help="an earlier runs.json")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the folder of the report")
    return parser


if __name__ == "__main__":
    main()
