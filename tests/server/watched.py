"""`vhkg serve` under watch: it cannot write to files, tells what it opens for writing, and crashes on purpose."""

from __future__ import annotations

import os
import resource
import sys
from typing import Any

WROTE = "a file was opened for writing"
CRASH = "zqmill-crash"
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open":
        path, mode, flags = arguments
        writes = (mode is not None and set("wax+") & set(mode)) or (isinstance(flags, int) and flags & _WRITING)
        if writes and path != os.devnull:
            os.write(2, f"{WROTE}: {path}\n".encode())
    elif event.startswith("tempfile.") or event in ("os.mkdir", "os.rename"):
        os.write(2, f"{WROTE}: {event}\n".encode())


def crash_on_purpose() -> None:
    from vhkg.answering.knowledge import Knowledge

    answer = Knowledge.answer

    def crashing(self: Knowledge, patient: Any, **options: Any) -> Any:
        if CRASH in str(patient.record):
            raise RuntimeError(f"crashed over {patient.record}")
        return answer(self, patient, **options)

    Knowledge.answer = crashing  # type: ignore[method-assign]


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    crash_on_purpose()
    sys.addaudithook(watch)
    from vhkg.cli import main

    main()
