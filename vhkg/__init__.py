"""vhkg: from one clinical article to sourced, explained answers.

>>> import vhkg
>>> vhkg.load().content.article.review_status
'pending human review; the page contradicts itself'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vhkg.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from vhkg.answering.knowledge import Knowledge

__all__ = ["__version__", "load"]


def load(folder: str | None = None, *, codes: Sequence[str | Path] = ()) -> Knowledge:
    """Load the shipped knowledge, or that of a folder, with files of codes (see `Knowledge.load`)."""
    from vhkg.answering.knowledge import Knowledge

    return Knowledge.load(folder, codes)
