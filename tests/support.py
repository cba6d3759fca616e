"""What several tests share: the shipped knowledge, and the folder of shared material."""

from __future__ import annotations

import contextlib
import functools
import os
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path

from vhkg.answering.knowledge import Knowledge
from vhkg.model.answer import Answer

ROOT = Path(__file__).parent.parent
SOURCE = Path(os.environ.get("VHKG_SOURCE") or ROOT.parent / "shared" / "source" / "article.txt")


@contextlib.contextmanager
def ends() -> Iterator[None]:
    """Fail what hangs. No measurement: a minute is far beyond what any of it takes on any machine."""

    def expire(*_: object) -> None:
        raise TimeoutError("it did not end within a minute")

    before = signal.signal(signal.SIGALRM, expire)
    signal.alarm(60)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@functools.cache
def shipped() -> Knowledge:
    """The shipped knowledge; immutable, so all tests may use one."""
    return Knowledge.load()


def answer(facts: Mapping[str, str], **options: object) -> Answer:
    """The answer for one patient with one lesion and undated facts."""
    rows = [{"patient": "p", "finding": name, "status": status} for name, status in facts.items()]
    return shipped().recommend(rows, **options)[0]  # type: ignore[arg-type]


def statuses(found: Answer) -> dict[str, str]:
    return {recommendation.id: recommendation.status.value for recommendation in found.recommendations}
