"""One patient, side by side in one run: `python benchmarks/one_patient.py [--runs N]`.

1. The whole process `vhkg recommend FILE` against a process that only imports rdflib, pyshacl and owlready2, taken in
   turn; the ratio of each pair is what counts, since machines drift.
2. One answer in-process, from parsed and validated facts to the finished answer: over random patients, each once, and
   over the cases of tests/cases in turn.
3. Compiling the knowledge from its files, without cache.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
PATIENT = ROOT / "ontology" / "examples" / "demo.csv"
CASES = ROOT / "tests" / "cases"
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


def in_process(count: int, seed: int = 20261123) -> None:
    """Every patient is answered once: what is remembered between them is what a pipeline would remember."""
    import vhkg

    knowledge = vhkg.load()
    source = random.Random(seed)
    findings = [finding.name for finding in knowledge.content.findings.values() if finding.question]
    subject = findings[0]
    patients = []
    for number in range(count):
        rows = []
        for name in (subject, *source.sample(findings[1:], source.randint(1, 9))):
            status = source.choice(("present", "absent"))
            date = f"2026-{source.randint(1, 12):02}-{source.randint(1, 28):02}"
            rows.append({"patient": f"p{number}", "finding": name, "status": status, "date": date})
        patients += knowledge.read(rows)
    times = [seconds(lambda patient=patient: knowledge.answer(patient)) for patient in patients]
    report(f"{len(times)} random patients, each once", times)
    cases = [p for case in sorted(CASES.iterdir()) for p in knowledge.read(case / "patient.csv")]
    times = [
        seconds(lambda patient=patient: knowledge.answer(patient)) / len(patient.record.presentations)
        for _ in range(count // len(cases))
        for patient in cases
    ]
    report(f"the {len(cases)} cases of tests/cases, in turn", times)


def report(name: str, times: list[float]) -> None:
    median, decile = statistics.median(times) * 1e3, statistics.quantiles(times, n=10)[-1] * 1e3
    print(f"one answer in-process, {name}: median {median:.2f} ms, 90 % under {decile:.2f} ms")


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
    in_process(200 * runs)
    compiling(runs)


if __name__ == "__main__":
    main()
