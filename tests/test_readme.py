"""The README is true: its commands run, and print what it says they print.

VHKG_UPDATE_README=1 writes the real output into it; read the difference before committing it.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.cli.support import vhkg
from tests.support import ROOT

README = ROOT / "README.md"
DOCUMENTS = [README, *sorted((ROOT / "docs").glob("*.md"))]
SERVED = ("serve.md", "sparql.md")
"""Their commands go to a running service, and are held true in tests/server."""
_CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
_PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)


def _replaced(block: str) -> str:
    """The block with the real output of each of its commands; a line of … cuts output that follows it."""
    parts = re.split(r"^\$ (.*)$", block, flags=re.MULTILINE)
    text = parts[0]
    for command, shown in zip(parts[1::2], parts[2::2], strict=True):
        text += f"$ {command}\n{_output(command, shown)}"
    return text


def _output(command: str, shown: str) -> str:
    program, *arguments = shlex.split(command)
    assert program == "vhkg", command
    if "-o" in arguments and arguments[0] == "cohort":
        folder = ROOT / arguments[arguments.index("-o") + 1]
        assert folder.parent == ROOT / "build"
        shutil.rmtree(folder, ignore_errors=True)
    run = vhkg(*arguments, COLUMNS="100")
    lines = (run.out + run.err).splitlines()
    wanted = shown.strip("\n").splitlines()
    if wanted and wanted[-1] == "…":
        lines = [*lines[: len(wanted) - 1], "…"]
    return "\n".join(line.rstrip() for line in lines) + "\n"


@pytest.mark.parametrize("path", [path for path in DOCUMENTS if path.name not in SERVED], ids=lambda path: path.name)
def test_console_blocks_show_real_output(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    true = _CONSOLE.sub(lambda match: f"```console\n{_replaced(match[1])}```", text)
    if os.environ.get("VHKG_UPDATE_README"):
        path.write_text(true, encoding="utf-8")
    assert true == text


def test_the_first_screen_has_a_command_with_its_output() -> None:
    lines = README.read_text(encoding="utf-8").splitlines()
    first = lines.index("```console")
    assert first < 15
    assert lines[first + 1].startswith("$ vhkg recommend")


def test_python_blocks_run() -> None:
    blocks = [block for path in DOCUMENTS for block in _PYTHON.findall(path.read_text(encoding="utf-8"))]
    assert blocks
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})


def test_every_command_is_documented() -> None:
    text = README.read_text(encoding="utf-8")
    for command in (
        "demo",
        "recommend",
        "explain",
        "validate",
        "query",
        "terms",
        "template",
        "check",
        "serve",
        "publish",
        "cohort",
        "compile",
        "link",
        "import",
        "audit",
        "export",
    ):
        assert f"`vhkg {command}" in text or f"$ vhkg {command}" in text, command
