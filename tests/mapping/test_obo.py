from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from vhkg.errors import InputError
from vhkg.mapping import Hierarchy, read_hierarchy
from vhkg.namespaces import OBO

TEXT = """format-version: 1.2
data-version: hp/releases/2025-01-16
ontology: hp
import: https://example.org/nowhere.obo
idspace: EX https://example.org/ "ours"

[Term]
id: HP:0003418
name: Back pain
alt_id: HP:0000001
is_a: HP:0012531 {is_inferred="true"} ! Pain
is_a: EX:ache
relationship: part_of UBERON:0000468 ! multicellular organism
intersection_of: HP:0012531
intersection_of: part_of UBERON:0000468

[Term]
id: HP:0012531
name: Pain

[Term]
id: HP:0000009
name: obsolete ache
is_obsolete: true
replaced_by: HP:0012531

[Typedef]
id: part_of
name: part of
is_a: overlaps
"""


def read(folder: Path, text: str) -> Hierarchy:
    path = folder / "o.obo"
    path.write_text(text, encoding="utf-8")
    return read_hierarchy(str(path))


def test_terms_their_parents_and_nothing_of_part_of(tmp_path: Path) -> None:
    found = read(tmp_path, TEXT)
    assert set(found.terms) == {OBO + "HP_0003418", OBO + "HP_0012531", "https://example.org/ache"}
    assert found.terms[OBO + "HP_0003418"].parents == (OBO + "HP_0012531", "https://example.org/ache")
    assert found.terms[OBO + "HP_0003418"].label == "Back pain"
    assert found.obsolete == {OBO + "HP_0000009": (OBO + "HP_0012531",), OBO + "HP_0000001": (OBO + "HP_0003418",)}


@pytest.mark.parametrize(
    ("ontology", "version", "iri"),
    [
        ("hp", "hp/releases/2025-01-16", OBO + "hp/releases/2025-01-16/hp.owl"),
        ("mondo", "releases/2026-08-04", OBO + "mondo/releases/2026-08-04/mondo.owl"),
        ("maxo.obo", "maxo/releases/2024-07-29/maxo.owl", OBO + "maxo/releases/2024-07-29/maxo.owl"),
        ("ncit", "", OBO + "ncit.owl"),
        ("x", "1 beta>", OBO + "x/1%20beta%3E/x.owl"),
        ("x", "https://example.org/v1", "https://example.org/v1"),
        ("https://example.org/o", "", "https://example.org/o"),
        ("https://example.org/o p", "3", "https://example.org/o%20p"),
        ("", "", ""),
    ],
)
def test_the_version_is_an_iri_by_the_rule_of_the_format(tmp_path: Path, ontology: str, version: str, iri: str) -> None:
    text = "format-version: 1.2\n" + (f"data-version: {version}\n" if version else "")
    text += (f"ontology: {ontology}\n" if ontology else "") + "\n[Term]\nid: HP:1\nname: x\n"
    assert read(tmp_path, text).version == iri


@pytest.mark.parametrize("text", [TEXT + "\n[Term]\nid HP\n", "format-version: 1.2\n\n[Term\n", TEXT + "\n[Term]\n"])
def test_what_is_no_obo_says_where(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match=r"o\.obo, line \d+: not OBO"):
        read(tmp_path, text)


def test_without_fastobo_the_mend_is_said(tmp_path: Path) -> None:
    path = tmp_path / "o.obo"
    path.write_text(TEXT, encoding="utf-8")
    code = "import sys; sys.modules['fastobo'] = None; from vhkg.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "link", str(path)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 2
    assert "pip install 'vhkg[link]'" in done.stderr
    assert "Traceback" not in done.stderr
