"""The report on a cohort as one HTML page. It opens from disk, offline, without a script, light or dark, and prints.

Nothing on it is told by a plot alone or by colour alone: each plot stands with a table of its numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

from vhkg.model.cohort import CohortReport
from vhkg.model.content import Content
from vhkg.rendering.cohort_page_bars import PATTERNS
from vhkg.rendering.cohort_page_flow import Leaving, flow
from vhkg.rendering.cohort_page_style import STYLE
from vhkg.rendering.cohort_page_tables import (
    ages,
    asked,
    cells,
    conformance,
    entries,
    recommendations,
    refusals,
    row,
    unmapped,
)
from vhkg.rendering.cohort_page_words import counted, number, share, text
from vhkg.rendering.wording import sentence

_OUTCOMES = {
    "read": ("Read", "the record could be read"),
    "refused": ("Refused", "the record could not be read; how many presentations it has is not known"),
    "invalid": ("Invalid", "the record does not conform to the patient shapes, so nothing was decided"),
    "contradictory": ("Contradictory", "facts conflict and were set aside, and the rest decides nothing"),
    "outside": (
        "Outside the article",
        "the article does not apply, has no branch for it, or does not address a recorded factor",
    ),
    "undetermined": ("Undetermined", "no treatment can be read yet: facts are missing, and not recorded is not absent"),
    "decided": ("Decided", "a treatment applies, or does so provisionally"),
}
_LEAVING = ("invalid", "contradictory", "outside", "undetermined", "decided")
_INPUTS = 10
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def render_cohort_page(report: CohortReport, content: Content) -> str:
    """The page, with a final newline."""
    return "\n".join(_page(report, content)) + "\n"


def _page(report: CohortReport, content: Content) -> Iterator[str]:
    title = f"What one article says for {counted(report.patients, 'patient')}"
    yield "<!DOCTYPE html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">'
    yield f"<title>{text(title)}</title><style>{STYLE}</style></head><body>{PATTERNS}"
    yield from _head(report, title)
    yield "<main>"
    yield from _attrition(report)
    yield from asked(report)
    yield from recommendations(report)
    yield from ages(report)
    yield from conformance(report)
    yield from entries(report)
    yield from unmapped(report)
    yield from refusals(report)
    yield from _readings(report, content)
    yield "</main>"
    yield from _foot(report)
    yield "</body></html>"


def _head(report: CohortReport, title: str) -> Iterator[str]:
    knowledge = report.knowledge
    yield f'<header><p class="over">Cohort report</p><h1>{text(title)}</h1>'
    yield f'<p class="lead">{text(_lead(report))}</p>'
    yield (
        f'<p class="notice"><strong>Rests on one article, {text(knowledge.review_status)}.</strong> '
        f"{text(report.disclaimer)}</p>"
    )
    yield "<dl>"
    yield f"<dt>Article</dt><dd>{text(knowledge.source)}</dd>"
    yield f"<dt>Knowledge</dt><dd>{text(knowledge.version)}, digest <code>{text(knowledge.digest[:12])}</code></dd>"
    inputs = "".join(f"<li>{text(name)}</li>" for name in report.inputs[:_INPUTS])
    if len(report.inputs) > _INPUTS:
        inputs += f"<li>and {number(len(report.inputs) - _INPUTS)} more</li>"
    if inputs:
        yield f'<dt>Read from</dt><dd><ul class="plain">{inputs}</ul></dd>'
    yield "</dl></header>"


def _lead(report: CohortReport) -> str:
    if not report.presentations:
        return "No patient could be read."
    whole = report.presentations
    counts = {each.name: each.presentations or 0 for each in report.attrition}
    decided, open_ = counts.get("decided", 0), counts.get("undetermined", 0)
    rest = f"; for {_some(open_, whole)} none can be read yet" if open_ else ""
    read = f"Of {counted(whole, 'presentation')}, a treatment can be read from the article for {_some(decided, whole)}"
    words = [f"{read}{rest}."]
    if report.ask and report.ask[0].opens:
        first = report.ask[0]
        words.append(
            f"The missing finding that alone could open a treatment in most of these ({number(first.opens)}) is: "
            f"{first.label}."
        )
    return " ".join(words)


def _some(count: int, whole: int) -> str:
    return f"{number(count)} ({share(count, whole)})" if count else "none"


def _attrition(report: CohortReport) -> Iterator[str]:
    counts = {each.name: each for each in report.attrition}
    yield '<section aria-labelledby="attrition"><h2 id="attrition">From what was read to what was decided</h2>'
    yield (
        "<p>A presentation is one lesion of one patient, as known on the day that the answer is about. A patient "
        "counts once, under the last outcome below that any presentation reached.</p>"
    )
    yield '<div class="beside">'
    for name, noun, whole in (
        ("presentations", "presentation", report.presentations),
        ("patients", "patient", report.patients),
    ):
        leaving = [Leaving(_OUTCOMES[each][0], getattr(counts[each], name) or 0) for each in _LEAVING if each in counts]
        yield f"<figure><figcaption>By {noun}</figcaption>{flow(name, noun, whole, leaving)}</figure>"
    yield "</div>"
    yield "<table><caption>The same in numbers; shares are of what was read.</caption><thead><tr>"
    yield '<th scope="col">Outcome</th><th scope="col" class="n">Presentations</th>'
    yield '<th scope="col" class="n">Patients</th></tr></thead><tbody>'
    for each in report.attrition:
        label, meaning = _OUTCOMES.get(each.name, (each.name, ""))
        wholes = (report.presentations, report.patients) if each.name in _LEAVING else ()
        yield row(f"{text(label)}<small>{text(meaning)}</small>", *cells((each.presentations, each.patients), wholes))
    yield "</tbody></table>"
    if report.set_aside.presentations:
        yield (
            f"<p>In {counted(report.set_aside.presentations, 'presentation')} of "
            f"{counted(report.set_aside.patients, 'patient')} some facts conflict. They were set aside; where the rest "
            "decides something, the presentation is not counted as contradictory.</p>"
        )
    yield "</section>"


def _readings(report: CohortReport, content: Content) -> Iterator[str]:
    if not report.readings:
        return
    yield '<section aria-labelledby="readings"><h2 id="readings">How the text was read</h2>'
    yield "<p>Where the article can be read in two ways, one was taken. Another can be chosen for the whole run.</p>"
    yield '<table class="listed"><caption>Readings of this run</caption><thead><tr>'
    yield '<th scope="col">Reading</th><th scope="col">Taken</th></tr></thead><tbody>'
    for name, chosen in sorted(report.readings.items()):
        known = content.readings.get(name)
        options = {option.name: option.label for option in known.alternatives} if known else {}
        default = known is not None and known.default == chosen
        tag = "" if default else ' <span class="tag">not the default</span>'
        code = f"<small><code>{text(name)}={text(chosen)}</code></small>"
        yield row(text(known.label if known else name), f"<td>{text(options.get(chosen, chosen))}{tag}{code}</td>")
    yield "</tbody></table></section>"


def _foot(report: CohortReport) -> Iterator[str]:
    knowledge = report.knowledge
    yield f"<footer><p>{text(sentence(report.disclaimer))} It says nothing on how good any care was.</p>"
    yield (
        "<p>Small counts, names of files and refusals can point to a person: look through the page before it is handed "
        "on.</p>"
    )
    yield (
        "<p>Every number here, but for what became of what was read, is the answer to a question that can be asked "
        "again, <code>vhkg query NAME --cohort DIR</code>; the tables behind it are the Parquet files beside this "
        "page, and <code>report.json</code> holds the same numbers.</p>"
    )
    yield (
        f"<p>{text(knowledge.software)} · knowledge {text(knowledge.version)} · "
        f"digest <code>{text(knowledge.digest)}</code> · the article: {text(knowledge.review_status)}</p></footer>"
    )
