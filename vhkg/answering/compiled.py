"""The compiled knowledge: compiled on first use, kept in the user's cache folder, never stale.

The key is the digest of the knowledge files and of the code that compiles them. The cache is JSON in which
dictionaries keep their order, since display order is in it, written by atomic rename; where it cannot be written or
read, the knowledge is compiled in memory.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from vhkg.model.compiled import CompiledKnowledge
from vhkg.model.content import Content
from vhkg.resources import KnowledgeFiles, code_digest

if TYPE_CHECKING:
    from vhkg.decision.compilation import Target

_COMPILER = ("decision", "knowledge", "model", "validation", "answering", "namespaces")
CACHE_VARIABLE = "VHKG_CACHE"


def compiled_knowledge(files: KnowledgeFiles) -> CompiledKnowledge:
    """Load from the cache, else compile and try to keep it."""
    key = f"{files.digest[:32]}-{code_digest(*_COMPILER)[:32]}"
    cached = cache_folder() / f"{key}.json"
    with contextlib.suppress(OSError, msgspec.DecodeError):
        found = msgspec.json.decode(cached.read_bytes(), type=CompiledKnowledge)
        if found.digest == files.digest:
            return found
    compiled = compile_knowledge(files)
    _keep(cached, msgspec.json.encode(compiled))
    return compiled


def compile_knowledge(files: KnowledgeFiles) -> CompiledKnowledge:
    """Read the ontology and compile decision table, checks and texts.

    Raises KnowledgeError or OutsideFragment, naming the file and the axiom.
    """
    from vhkg.decision.compilation import compile_table
    from vhkg.decision.theory import read_theory
    from vhkg.knowledge.codes import code_tables
    from vhkg.knowledge.content import read_content
    from vhkg.knowledge.graph import Graph
    from vhkg.knowledge.vocabulary import vocabulary
    from vhkg.validation import compile_checks

    graph = Graph.parse({name: text for name, text in files.ontology.items() if name.endswith(".ttl")})
    content = read_content(graph)
    allowed = vocabulary(graph)
    return CompiledKnowledge(
        digest=files.digest,
        content=content,
        table=compile_table(read_theory(graph), targets(content)),
        checks=compile_checks(graph),
        vocabulary=allowed,
        codes=code_tables(files.ontology, graph, allowed, content.iris),
    )


def targets(content: Content) -> tuple[Target, ...]:
    """The goals that statuses, caps, silences, notices and verdicts depend on.

    Presentation classes under their own names; the condition without the exclusion of each recommendation under
    the name of the recommendation.
    """
    from vhkg.decision.compilation import Target

    article = content.article
    classes = {article.subject, article.scope, article.branch, article.gap}
    for recommendation in content.recommendations:
        classes |= {recommendation.condition, recommendation.exclusion}
    for silence in content.silences:
        classes |= set(silence.raised_by)
    for limit in content.limits:
        classes |= {limit.raised_by, limit.caps_within}
    classes |= {notice.shown_unless for notice in content.notices}
    classes.discard("")
    return (
        *(Target(name, name) for name in sorted(classes)),
        *(Target(r.name, r.condition, r.exclusion) for r in content.recommendations),
    )


def cache_folder() -> Path:
    """$VHKG_CACHE, else the user's cache folder as the platform has it."""
    if own := os.environ.get(CACHE_VARIABLE):
        return Path(own)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "vhkg"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "vhkg" / "Cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vhkg"


def _keep(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".part")
    except OSError:
        return
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
