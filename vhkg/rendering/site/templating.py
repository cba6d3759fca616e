"""Templates and static files of the pages.

Values become text: the templates escape everything, and characters that would hide or reorder text show as their
codes. A name that a template misspells is an error, never an empty place.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from importlib import resources

import msgspec

from vhkg.model.answer import KnowledgeShown
from vhkg.model.content import Content
from vhkg.rendering.layout import visible
from vhkg.rendering.wording import capital, cited, day, joined, sentence

_FILES = resources.files("vhkg.rendering.site")
_MENU = (
    ("/", "Patient"),
    ("/article", "Article"),
    ("/terms", "Terms"),
    ("/queries", "Queries"),
    ("/validate", "Validate"),
    ("/about", "About"),
)


class Asset(msgspec.Struct, frozen=True):
    """`digest` stands in the address, so that a browser may keep the file for good."""

    content: bytes
    digest: str


class Site:
    """The pages about one knowledge."""

    def __init__(self, content: Content, knowledge: KnowledgeShown, disclaimer: str) -> None:
        self.content = content
        self.knowledge = knowledge
        self.disclaimer = disclaimer

    @cached_property
    def assets(self) -> dict[str, Asset]:
        """The static files by name."""
        found = {}
        for file in sorted((_FILES / "static").iterdir(), key=lambda each: each.name):
            content = file.read_bytes()
            found[file.name] = Asset(content, hashlib.sha256(content).hexdigest()[:16])
        return found

    @cached_property
    def names(self) -> frozenset[str]:
        """Names of the knowledge, which a message may repeat wherever they come from."""
        content = self.content
        recommendations = {each.name for each in content.recommendations}
        return frozenset((*content.findings, *content.readings, *content.classes, *recommendations))

    def page(self, template: str, **values: object) -> str:
        """The page, or fragment, that a template makes of some values. `here` names the entry of the menu."""
        page: str = self._environment.get_template(template).render(values)
        return page

    @cached_property
    def _environment(self):  # type: ignore[no-untyped-def]  # jinja2 is imported when it is used
        from jinja2 import Environment, PackageLoader, StrictUndefined
        from markupsafe import Markup, escape

        def text(value: object) -> object:
            """What every expression of a template passes before it is escaped."""
            return escape(visible(value)) if isinstance(value, str) and not isinstance(value, Markup) else value

        def lines(value: str) -> Markup:
            """A text of several lines, each harmless; everywhere else a line break shows as its code."""
            return Markup("\n").join(escape(visible(line)) for line in value.split("\n"))

        environment = Environment(
            loader=PackageLoader("vhkg.rendering.site"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=text,
            auto_reload=False,
        )
        environment.globals |= {
            "asset": lambda name: f"/static/{self.assets[name].digest}/{name}",
            "knowledge": self.knowledge,
            "article": self.content.article,
            "disclaimer": self.disclaimer,
            "menu": _MENU,
            "cited": cited,
            "day": day,
            "joined": joined,
        }
        environment.filters |= {"capital": capital, "sentence": sentence, "lines": lines}
        return environment
