"""HermiT behind one front, in a child process with a group, a folder and a time limit of its own."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from vhkg.errors import EngineError
from vhkg.reasoner.ntriples import class_axioms
from vhkg.reasoner.query import Query, QueryLiteral, expression

Bridge = Literal["jpype", "owlready2"]

_BATCH = {"jpype": 2000, "owlready2": 400}
_INSTALL_JAVA = "install a Java runtime, or use the compiled engine"


class HermitReference:
    """Answers from HermiT about one ontology, given as Turtle files by name.

    Through JPype where it is installed (thousands of questions a second), else through owlready2 (about a hundred).
    `time_limit` is in seconds and for each request, of which one call may make several. Use as a context manager.
    """

    def __init__(
        self,
        files: Mapping[str, bytes],
        *,
        bridge: Bridge | None = None,
        time_limit: float = 120.0,
        megabytes: int = 1000,
    ) -> None:
        self.bridge: Bridge = bridge or ("jpype" if importlib.util.find_spec("jpype") else "owlready2")
        self._files = files
        self._time_limit = time_limit
        self._megabytes = megabytes
        self._child: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
            raise EngineError("HermiT needs Java, which was not found", mend=_INSTALL_JAVA)
        self._folder = tempfile.TemporaryDirectory(prefix="vhkg-hermit-", ignore_cleanup_errors=True)
        try:
            folder = Path(self._folder.name)
            with (folder / "stderr").open("wb") as errors:
                self._child = subprocess.Popen(
                    [sys.executable, "-m", "vhkg.reasoner.hermit_child"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    cwd=folder,
                    env=_environment(folder),
                    start_new_session=True,
                )
            self.load(self._files)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Kill the child and all it started, and remove its folder. Safe to call twice."""
        child, self._child = self._child, None
        if child is not None:
            _kill(child)
            child.wait()
            for stream in (child.stdin, child.stdout):
                if stream is not None:
                    try:
                        stream.close()
                    except BrokenPipeError:
                        continue
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def load(self, files: Mapping[str, bytes]) -> None:
        """Ask about another ontology from now on. Spares the start of Java, which costs a second."""
        if self._folder is None:
            raise _not_running()
        ontology = Path(self._folder.name) / "ontology.nt"
        ontology.write_text(class_axioms(files), encoding="utf-8")
        self._ask({"bridge": self.bridge, "ontology": str(ontology), "megabytes": self._megabytes}, "ready")

    def satisfiable(self, queries: Sequence[Query]) -> list[bool]:
        """Whether each conjunction can hold of some presentation, in the order asked."""
        found: list[bool] = []
        for batch in _batches(queries, _BATCH[self.bridge]):
            answer = self._ask({"queries": [expression(query) for query in batch]}, "satisfiable")
            if not isinstance(answer, list) or len(answer) != len(batch):
                raise EngineError("HermiT's answer could not be read", mend="report this with the ontology")
            found += [bool(value) for value in answer]
        return found

    def satisfiable_classes(self, iris: Sequence[str]) -> list[bool]:
        """Whether each named class can have an instance, presentation or not, in the order given."""
        found = self._ask({"queries": [["class", iri] for iri in iris]}, "satisfiable")
        if not isinstance(found, list) or len(found) != len(iris):
            raise EngineError("HermiT's answer could not be read", mend="report this with the ontology")
        return [bool(value) for value in found]

    def dl_violations(self, rdfxml: bytes) -> list[str]:
        """What keeps a document in RDF/XML from being OWL 2 DL, by the OWL API's profile checker."""
        if self._folder is None:
            raise _not_running()
        document = Path(self._folder.name) / "profile.rdf"
        document.write_bytes(rdfxml)
        found = self._ask({"profile": str(document), "megabytes": self._megabytes}, "violations")
        return [str(each) for each in found]

    def entailed(
        self, literals: Sequence[QueryLiteral], condition: str, *, exclusion: str = "", value: bool = True
    ) -> bool:
        """Whether the literals entail the goal (or its complement); inconsistent literals entail both."""
        return not self.satisfiable([Query(tuple(literals), condition, exclusion, not value)])[0]

    def _ask(self, request: dict[str, Any], wanted: str) -> Any:
        child = self._child
        if child is None or child.stdin is None or child.stdout is None:
            raise _not_running()
        expired = threading.Event()

        def expire() -> None:
            expired.set()
            _kill(child)

        timer = threading.Timer(self._time_limit, expire)
        timer.start()
        try:
            child.stdin.write(json.dumps(request).encode() + b"\n")
            child.stdin.flush()
            line = child.stdout.readline()
        except (BrokenPipeError, ValueError):
            line = b""
        finally:
            timer.cancel()
        if expired.is_set():
            self.close()
            raise EngineError(f"HermiT did not answer within {self._time_limit:g} s", mend="raise the time limit")
        return self._read(line, wanted)

    def _read(self, line: bytes, wanted: str) -> Any:
        if not line:
            last = self._last_words()
            self.close()
            raise EngineError(f"the HermiT process ended unexpectedly{last}", mend="check the Java installation")
        try:
            answer = json.loads(line)
        except ValueError as error:
            self.close()
            raise EngineError("HermiT's answer could not be read", mend="report this with the ontology") from error
        if "error" in answer:
            self.close()
            raise EngineError(f"HermiT failed: {answer['error'].rstrip('.')}", mend="check ontology and Java")
        return answer.get(wanted)

    def _last_words(self) -> str:
        if self._folder is None:
            return ""
        lines = (Path(self._folder.name) / "stderr").read_text(encoding="utf-8", errors="replace").split("\n")
        words = [line.strip().rstrip(".") for line in lines if line.strip() and not line.startswith("Picked up")]
        return f" ({words[-1][:200]})" if words else ""


def _not_running() -> EngineError:
    return EngineError("HermiT is not running", mend="use HermitReference in a with statement")


def _kill(child: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _environment(folder: Path) -> dict[str, str]:
    """UTF-8, because HermiT loses inferences on other IRIs under the C locale; temporary files in our folder only."""
    kept = {name: os.environ[name] for name in ("PATH", "JAVA_HOME", "SYSTEMROOT") if name in os.environ}
    package = Path(__file__).resolve().parents[2]
    return {
        **kept,
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": str(package),
        "TMPDIR": str(folder),
        "JAVA_TOOL_OPTIONS": f"-Djava.io.tmpdir={folder} -Dfile.encoding=UTF-8",
    }


def _batches(queries: Sequence[Query], size: int) -> Iterator[Sequence[Query]]:
    for start in range(0, len(queries), size):
        yield queries[start : start + size]
