"""The knowledge is found, shipped or in a folder, and its digest names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from vhkg.errors import KnowledgeError
from vhkg.resources import CONTEXT_FILE, FORMAT_TABLES, code_digest, knowledge_files, shipped_folder


def _folder(root: Path, **files: str) -> str:
    root.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (root / f"{name}.ttl").write_text(text, encoding="utf-8")
    return str(root)


def test_the_shipped_knowledge() -> None:
    files = knowledge_files()
    assert {"vhkg.ttl", "statements.ttl", "shapes/patient.ttl", "shapes/knowledge.ttl"} <= set(files.ontology)
    assert CONTEXT_FILE in files.ontology
    assert files == knowledge_files()
    assert len(files.digest) == 64


def test_mappings_are_found_and_belong_to_the_knowledge_whose_terms_they_map(tmp_path: Path) -> None:
    assert "mappings/hp.sssom.tsv" in knowledge_files().ontology
    own = _folder(tmp_path, findings="# nothing yet")
    taken = [name for name in knowledge_files(own).ontology if name.startswith("mappings/")]
    assert taken == sorted(FORMAT_TABLES)
    before = knowledge_files(own).digest
    (tmp_path / "mappings").mkdir()
    (tmp_path / "mappings" / "x.sssom.tsv").write_bytes(b"mine")
    files = knowledge_files(own)
    assert files.ontology["mappings/x.sssom.tsv"] == b"mine"
    assert files.digest != before


def test_a_folder_that_is_not_shipped() -> None:
    with pytest.raises(KnowledgeError, match="install vhkg again"):
        shipped_folder("no-such-folder")


def test_a_folder_of_the_users_is_completed_from_the_shipped_one(tmp_path: Path) -> None:
    files = knowledge_files(_folder(tmp_path, findings="# nothing yet"))
    shipped = knowledge_files()
    assert files.ontology["findings.ttl"] == b"# nothing yet"
    assert files.ontology["vhkg.ttl"] == shipped.ontology["vhkg.ttl"]
    assert files.ontology["shapes/knowledge.ttl"] == shipped.ontology["shapes/knowledge.ttl"]
    assert "statements.ttl" not in files.ontology
    assert files.digest != shipped.digest


def test_a_folder_may_hold_ontology_and_queries(tmp_path: Path) -> None:
    _folder(tmp_path / "ontology", findings="# nothing yet")
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "own.rq").write_text("# mine", encoding="utf-8")
    files = knowledge_files(str(tmp_path))
    assert files.queries["own"] == "# mine"
    assert "findings.ttl" in files.ontology


@pytest.mark.parametrize("name", ["empty", "missing"])
def test_a_folder_without_turtle_is_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(KnowledgeError, match="no Turtle files here; give a folder that holds an ontology"):
        knowledge_files(str(tmp_path / name))


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").mkdir()
    with pytest.raises(KnowledgeError, match="cannot be read"):
        knowledge_files(str(tmp_path))


def test_the_digest_depends_on_names_and_content(tmp_path: Path) -> None:
    digests = {
        knowledge_files(_folder(tmp_path / "one", a="#", b="")).digest,
        knowledge_files(_folder(tmp_path / "two", a="", b="#")).digest,
        knowledge_files(_folder(tmp_path / "three", ab="#")).digest,
    }
    assert len(digests) == 3


def test_the_code_has_a_digest() -> None:
    assert code_digest("model", "namespaces") == code_digest("model", "namespaces")
    assert code_digest("model") != code_digest("namespaces")
