"""A real Virtuoso server on free loopback ports, with a private folder, stopped by its process id."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.stores.server import free_port, waits_for
from tests.support import ends

PROGRAM = "virtuoso-t"
NAME = PASSWORD = "dba"
"""What a new database is made with."""
CONFIGURATION = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{internal}
DisableUnixSocket = 1
CheckpointInterval = 0
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000
ThreadsPerQuery = 1
AsyncQueueMaxThreads = 1
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}
ServerThreads = 4
Charset = UTF-8
[SPARQL]
ResultSetMaxRows = {rows}
"""


class Virtuoso(NamedTuple):
    """Where it answers queries, and where it takes graphs from those it knows."""

    query: str
    store: str


@contextlib.contextmanager
def virtuoso(*, rows: int = 2000) -> Iterator[Virtuoso]:
    """`rows` is the most that it gives for one query."""
    program = shutil.which(PROGRAM)
    assert program, f"{PROGRAM} is missing: apt-get install -y virtuoso-opensource-7-bin"
    internal, port = free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        configuration = Path(folder) / "virtuoso.ini"
        text = CONFIGURATION.format(folder=folder, internal=internal, port=port, rows=rows)
        configuration.write_text(text)
        server = subprocess.Popen(
            [program, "+configfile", str(configuration), "+foreground"],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            with ends():
                waits_for(server, port)
            base = f"http://127.0.0.1:{port}"
            yield Virtuoso(f"{base}/sparql", f"{base}/sparql-graph-crud-auth")
        finally:
            server.kill()
            server.wait()
