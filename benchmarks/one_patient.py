"""One patient, side by side in one run: `python benchmarks/one_patient.py [--runs N]`.

1. The whole process `vhkg recommend FILE` against a process that only imports rdflib, pyshacl and owlready2, taken in
   turn; the ratio of each pair is what counts, since machines drift.
2. One answer in-process, from parsed facts to the finished answer, over all cases of tests/cases.
3. Compiling the knowledge from its files, without cache.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
PATIENT = ROOT / "ontology" / "examples" / "demo.csv"
OURS = [sys.executable, "-m", "vhkg", "recommend", str(PATIENT)]
PEER = [sys.executable, "-c", "import rdflib, pyshacl, owlready2"]


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def process(command: list[str]) -> Callable[[], object]:
    return lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def whole_process(runs: int) -> None:
    for command in (OURS, PEER):
        process(command)()
    pairs = [(seconds(process(OURS)), seconds(process(PEER))) for _ in range(runs)]
    ours, peer = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"whole process: vhkg recommend {ours:.3f} s, importing the three packages {peer:.3f} s, ratio {ratio:.2f}")


def in_process(runs: int) -> None:
    import vhkg

    knowledge = vhkg.load()
    cases = sorted((ROOT / "tests" / "cases").iterdir())
    patients = [patient for case in cases for patient in knowledge.read(case / "patient.csv")]
    for patient in patients:
        knowledge.answer(patient)
    times = []
    for _ in range(runs * 10):
        for patient in patients:
            taken = seconds(lambda patient=patient: knowledge.answer(patient))
            times.append(taken / len(patient.record.presentations))
    decile = statistics.quantiles(times, n=10)[-1]
    print(f"one answer in-process: median {statistics.median(times) * 1e3:.2f} ms, 90 % under {decile * 1e3:.2f} ms")


def compiling(runs: int) -> None:
    from vhkg.answering.compiled import compile_knowledge
    from vhkg.resources import knowledge_files

    files = knowledge_files()
    times = [seconds(lambda: compile_knowledge(files)) for _ in range(max(3, runs // 3))]
    print(f"compiling the knowledge: median {statistics.median(times):.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    whole_process(runs)
    in_process(runs)
    compiling(runs)


if __name__ == "__main__":
    main()
