"""The compiled knowledge: everything that answering needs, in one cacheable value."""

from __future__ import annotations

import msgspec

from vhkg.model.checks import NodeCheck
from vhkg.model.coded import CodeTables
from vhkg.model.content import Content
from vhkg.model.table import DecisionTable
from vhkg.model.vocabulary import Vocabulary


class CompiledKnowledge(msgspec.Struct, frozen=True, kw_only=True):
    """`digest` is the sha256 of the knowledge files; it names the knowledge in every output."""

    digest: str
    content: Content
    table: DecisionTable
    checks: tuple[NodeCheck, ...]
    vocabulary: Vocabulary
    codes: CodeTables
