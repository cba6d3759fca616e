"""What the tests of the Article page share: the page's values, with the text of the article and without."""

from __future__ import annotations

import functools

from tests.support import SOURCE, shipped
from vhkg.rendering.site.article_values import Gathered
from vhkg.server.pages.article import gathered
from vhkg.server.service import Service


@functools.cache
def values(*, filled: bool = False) -> Gathered:
    text = SOURCE.read_text(encoding="utf-8") if filled else ""
    return gathered(Service(shipped(), article=text))
