"""One version, and the places that must repeat it."""

from __future__ import annotations

import importlib.metadata
import re

import vhkg
from tests.support import ROOT, shipped


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_package_the_changelog_and_the_citation_agree() -> None:
    assert importlib.metadata.version("vhkg") == vhkg.__version__
    assert f"\n### {vhkg.__version__} (" in _text("CHANGELOG.md")
    assert f"\nversion: {vhkg.__version__}\n" in _text("CITATION.cff")


def test_the_changelog_names_the_knowledge() -> None:
    version = shipped().content.version
    assert f"\n### {version}\n" in _text("CHANGELOG.md")
    assert re.search(rf"owl:versionIRI <[^>]*/{version}>", _text("ontology/ontology.ttl"))
