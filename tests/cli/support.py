"""Run the command line as a user does: a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import NamedTuple

from tests.support import ROOT

DEMO = str(ROOT / "ontology" / "examples" / "demo.csv")
HEADER = "patient,presentation,finding,status,date\n"


class Run(NamedTuple):
    code: int
    out: str
    err: str


def vhkg(*arguments: str, stdin: str | bytes = b"", **environment: str) -> Run:
    given = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run(
        [sys.executable, "-m", "vhkg", *arguments],
        input=given,
        capture_output=True,
        env={**os.environ, "COLUMNS": "110", **environment},
        cwd=ROOT,
        timeout=120,
        check=False,
    )
    return Run(done.returncode, done.stdout.decode(), done.stderr.decode())
