"""What a floor or a peer says of its run, on standard output: counts to compare, and seconds by phase."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


class Outcome:
    """Made at the start of the work; imports are over by then."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.phases: dict[str, float] = {}

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.phases[name] = self.phases.get(name, 0.0) + time.perf_counter() - start


Action = Callable[[Path, int, Outcome], None]
"""What is measured: the file, a number that the action understands (a batch, say), and where to say what came out."""


def main(actions: Mapping[str, Action]) -> None:
    """One of the actions as a process: ``NAME FILE [NUMBER]``."""
    parser = argparse.ArgumentParser()
    parser.add_argument("action", choices=sorted(actions))
    parser.add_argument("file", type=Path)
    parser.add_argument("number", type=int, nargs="?", default=0)
    options = parser.parse_args()
    outcome = Outcome()
    actions[options.action](options.file, options.number, outcome)
    print(json.dumps({"counts": outcome.counts, "phases": outcome.phases}))
