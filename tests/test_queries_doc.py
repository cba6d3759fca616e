"""docs/queries.md is true: its table is that of the headers, and its commands for a server run.

VHKG_UPDATE_README=1 writes the table anew.
"""

from __future__ import annotations

import os
import re
import subprocess
import sysconfig
from pathlib import Path

from tests.cli.support import DEMO
from tests.stores.server import free_port, waits_for
from tests.support import ROOT, ends, shipped
from vhkg.stores import Catalogue, Query

PAGE = ROOT / "docs" / "queries.md"
_TABLE = re.compile(r"(<!-- questions: .*? -->\n)(.*?)(<!-- end of questions -->)", re.DOTALL)
ALL = range(1, 41)


def table(queries: list[Query]) -> str:
    lines = ["", "| no. | name | question | users |", "|---|---|---|---|"]
    for query in queries:
        mark = "∅ " if query.empty_is_error else "◐ " if "searched" in query.columns else ""
        lines.append(f"| {query.number or ''} | `{query.name}` | {mark}{query.question} | {query.users} |")
    missing = sorted(set(ALL) - {query.number for query in queries})
    lines += ["", f"Not asked in this way: {', '.join(map(str, missing))} of the forty.", ""] if missing else [""]
    return "\n".join(lines) + "\n"


def test_the_table_is_that_of_the_headers() -> None:
    text = PAGE.read_text(encoding="utf-8")
    files = shipped().files
    wanted = table(list(Catalogue(files.queries | files.cohort_queries)))
    true = _TABLE.sub(lambda found: found[1] + wanted + found[3], text)
    if os.environ.get("VHKG_UPDATE_README"):
        PAGE.write_text(true, encoding="utf-8")
    assert true == text
    assert wanted in text


def test_each_target_of_a_mapping_is_named() -> None:
    rows = shipped().files.ontology
    targets = {
        line.split("\t")[4].partition(":")[0]
        for name, text in rows.items()
        if name.endswith(".sssom.tsv") and "leads" not in name and "none-found" not in name
        for line in text.decode().splitlines()
        if line.startswith("vhkg:")
    }
    text = PAGE.read_text(encoding="utf-8")
    header = shipped().files.queries["mappings-of-terms"]
    for target in targets:
        assert f"`{target}`" in text
        assert re.search(rf"^# note: target .*\b{re.escape(target)}\b", header, re.MULTILINE)


def test_the_commands_for_a_server_run(tmp_path: Path) -> None:
    (block,) = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    port = free_port()
    (tmp_path / "patients.csv").write_bytes(Path(DEMO).read_bytes())
    environment = os.environ | {"PATH": f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}"}
    servers: list[subprocess.Popen[bytes]] = []
    try:
        for command in block.replace("7878", str(port)).splitlines():
            if command.startswith("oxigraph serve"):
                servers.append(
                    subprocess.Popen(command.split(), cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL)
                )
                with ends():
                    waits_for(servers[-1], port)
                continue
            done = subprocess.run(
                ["bash", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr
        assert "PercutaneousVertebroplastyFirstLine" in done.stdout
    finally:
        for server in servers:
            server.kill()
            server.wait()
