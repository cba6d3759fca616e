"""The compiled knowledge: the same from the cache as fresh, never stale, and usable where nothing can be kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from vhkg.answering.compiled import CACHE_VARIABLE, cache_folder, compile_knowledge, compiled_knowledge, targets
from vhkg.resources import KnowledgeFiles, knowledge_files

FILES = knowledge_files()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    return tmp_path


def test_the_cache_gives_what_compiling_gives_order_included(cache: Path) -> None:
    fresh = compiled_knowledge(FILES)
    (kept,) = cache.iterdir()
    assert kept.suffix == ".json"
    again = compiled_knowledge(FILES)
    assert again == fresh
    assert list(again.content.findings) == list(fresh.content.findings)
    assert list(again.content.readings) == list(fresh.content.readings)
    assert list(again.content.statements) == list(fresh.content.statements)


def test_a_change_of_the_knowledge_is_compiled_anew(cache: Path) -> None:
    compiled_knowledge(FILES)
    changed = dict(FILES.ontology)
    changed["limits.ttl"] += b"\n# changed\n"
    other = KnowledgeFiles(ontology=changed, queries={}, digest="0" * 64)
    assert compiled_knowledge(other).digest == "0" * 64
    assert len(list(cache.iterdir())) == 2


@pytest.mark.parametrize("content", [b"", b"{}", b"not JSON", b'{"digest": "x"'])
def test_a_damaged_cache_is_replaced(cache: Path, content: bytes) -> None:
    fresh = compiled_knowledge(FILES)
    (kept,) = cache.iterdir()
    kept.write_bytes(content)
    assert compiled_knowledge(FILES) == fresh
    assert len(kept.read_bytes()) > 10_000


def test_a_cache_of_other_content_is_not_believed(cache: Path) -> None:
    fresh = compiled_knowledge(FILES)
    (kept,) = cache.iterdir()
    kept.write_bytes(msgspec.json.encode(msgspec.structs.replace(fresh, digest="f" * 64)))
    assert compiled_knowledge(FILES).digest == FILES.digest


def test_where_nothing_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv(CACHE_VARIABLE, str(blocked / "below"))
    assert compiled_knowledge(FILES).digest == FILES.digest


def test_the_cache_folder_follows_the_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CACHE_VARIABLE, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert cache_folder() == Path("/somewhere/vhkg")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder() == Path.home() / ".cache" / "vhkg"


def test_goals_have_distinct_names() -> None:
    names = [target.name for target in targets(compile_knowledge(FILES).content)]
    assert len(names) == len(set(names))


def test_compiling_does_not_depend_on_the_hash_seed() -> None:
    code = (
        "import hashlib, msgspec\n"
        "from vhkg.answering.compiled import compile_knowledge\n"
        "from vhkg.resources import knowledge_files\n"
        "c = compile_knowledge(knowledge_files())\n"
        "print(hashlib.sha256(msgspec.json.encode([c.content, c.table, c.checks])).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "12345")
    }
    assert len(digests) == 1
