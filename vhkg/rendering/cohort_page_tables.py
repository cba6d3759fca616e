"""The tables of the page on a cohort, with bars in their rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from vhkg.model.answer import Status
from vhkg.model.cohort import Age, CohortReport, StatusCount
from vhkg.model.source_report import Fate
from vhkg.rendering.cohort_page_bars import (
    CROSSED,
    DOTTED,
    HATCHED,
    MIDDLE,
    OPEN,
    PALE,
    SOLID,
    legend,
    nested,
    stacked,
)
from vhkg.rendering.cohort_page_words import counted, number, share, text

_ASKED = 20
_STATUSES = {
    Status.APPLIES: (SOLID, "applies"),
    Status.ADVISED_AGAINST: (CROSSED, "advised against"),
    Status.PROVISIONAL: (HATCHED, "provisional"),
    Status.UNDETERMINED: (DOTTED, "undetermined"),
    Status.DOES_NOT_APPLY: (OPEN, "does not apply"),
}
_COLUMNS = {Status.PROVISIONAL: "provi&shy;sional", Status.UNDETERMINED: "undeter&shy;mined"}
"""Where a narrow column may break a word."""
_FOR = (Status.APPLIES, Status.PROVISIONAL, Status.UNDETERMINED, Status.DOES_NOT_APPLY)
_AGAINST = (Status.ADVISED_AGAINST, Status.PROVISIONAL, Status.UNDETERMINED, Status.DOES_NOT_APPLY)


def row(head: str, *rest: str) -> str:
    return f'<tr><th scope="row">{head}</th>{"".join(rest)}</tr>'


def cells(counts: Sequence[int | None], wholes: Sequence[int] = ()) -> Iterator[str]:
    """Counts with their shares of the wholes, if given; None says that the count is not known."""
    for place, count in enumerate(counts):
        if count is None:
            yield '<td class="n zero" role="cell">not known</td>'
        elif count == 0:
            yield '<td class="n zero" role="cell">0</td>'
        else:
            part = f"<small>{share(count, wholes[place])}</small>" if wholes else ""
            yield f'<td class="n" role="cell">{number(count)}{part}</td>'


def heads(*names: str) -> str:
    return "".join(f'<th scope="col" role="columnheader" class="n">{name}</th>' for name in names)


def _plot(caption: str, first: str, columns: Sequence[str], rows: Iterable[str]) -> Iterator[str]:
    """A table with a bar in each row. Roles are written out: on a narrow screen its rows are laid out as grids."""
    yield f'<table class="plot of{len(columns)}" role="table"><caption>{caption}</caption>'
    yield '<thead role="rowgroup"><tr role="row">'
    yield f'<th scope="col" role="columnheader">{first}</th>'
    yield '<th scope="col" role="columnheader" class="drawn">As a bar</th>'
    yield f'{heads(*columns)}</tr></thead><tbody role="rowgroup">'
    yield from rows
    yield "</tbody></table>"


def _plotted(head: str, bar: str, counts: Iterable[str]) -> str:
    return (
        f'<tr role="row"><th scope="row" role="rowheader">{head}</th><td role="cell" class="drawn">{bar}</td>'
        f"{''.join(counts)}</tr>"
    )


def asked(report: CohortReport) -> Iterator[str]:
    yield '<section aria-labelledby="ask"><h2 id="ask">Which missing findings could settle most</h2>'
    if not report.ask:
        yield "<p>No recommendation is open for want of a finding.</p></section>"
        return
    whole = report.presentations
    yield (
        "<p>Counted are presentations in which a recommendation is not settled. A finding settles one alone if "
        "recording it, as present or as absent, is enough for the recommendation to hold or to fall away.</p>"
    )
    yield legend(
        (
            (SOLID, "no treatment can be read yet, and one answer alone could open one"),
            (MIDDLE, "one answer alone could settle a recommendation, mostly by ruling it out"),
            (PALE, "a recommendation depends on it, together with other findings"),
        )
    )
    rows = []
    for each in report.ask[:_ASKED]:
        bar = nested([(PALE, each.presentations), (MIDDLE, each.decides), (SOLID, each.opens)], whole)
        question = "" if each.question == each.label else f"<small>{text(each.question)}</small>"
        counts = (each.presentations, each.decides, each.opens, each.answers)
        rows.append(_plotted(f"{text(each.label)}{question}", bar, cells(counts)))
    columns = ("depend on it", "alone could settle one", "alone could open a treatment", "answers it could settle")
    caption = f"Presentations, of {number(whole)}, by the finding that is missing; in the last column, answers"
    yield from _plot(caption, "Finding", columns, rows)
    if len(report.ask) > _ASKED:
        yield f'<p class="small">{counted(len(report.ask) - _ASKED, "more finding")} in report.json.</p>'
    yield "</section>"


def recommendations(report: CohortReport) -> Iterator[str]:
    yield '<section aria-labelledby="statuses"><h2 id="statuses">What the recommendations came to</h2>'
    if not report.recommendations:
        yield "<p>No record could be held against the recommendations.</p></section>"
        return
    yield (
        "<p>In the order of the article, which is no ranking. Provisional: the condition holds, and a further fact is "
        "open or a recorded factor is not addressed by the article. Undetermined: not settled by what is recorded.</p>"
    )
    for direction, heading, statuses in (
        ("for", "What the article recommends", _FOR),
        ("against", "What the article advises against", _AGAINST),
    ):
        shown = [each for each in report.recommendations if each.direction == direction]
        if shown:
            yield f"<h3>{heading}</h3>"
            yield legend(_STATUSES[status] for status in statuses)
            columns = [*(_COLUMNS.get(status, _STATUSES[status][1]) for status in statuses), "rests on a reading"]
            caption = f"Presentations, of {number(report.presentations)}, by status"
            rows = (_status(each, statuses, report.presentations) for each in shown)
            yield from _plot(caption, "Recommendation", columns, rows)
    yield "</section>"


def _status(given: StatusCount, statuses: Sequence[Status], presentations: int) -> str:
    bar = stacked(((_STATUSES[status][0], given.statuses.get(status, 0)) for status in statuses), presentations)
    line = f"<small>{text(given.line)}</small>" if given.line else ""
    counts = [*(given.statuses.get(status, 0) for status in statuses), given.rest_on_reading]
    return _plotted(f"{text(given.label)}{line}", bar, cells(counts, [presentations] * len(counts)))


def ages(report: CohortReport) -> Iterator[str]:
    yield '<section aria-labelledby="ages"><h2 id="ages">How old the deciding facts are</h2>'
    most = max((each.answers for each in report.ages), default=0)
    if not most:
        yield "<p>No answer is settled.</p></section>"
        return
    total = counted(sum(each.answers for each in report.ages), "settled answer")
    yield (
        f"<p>{total}, by the days between the oldest fact behind each and the day that the answer is about. The "
        "classes are of unequal width.</p>"
    )
    yield legend(((SOLID, "applies or is advised against"), (OPEN, "does not apply")))
    rows = []
    for each in report.ages:
        gone = each.answers - each.in_force
        bar = stacked(((SOLID, each.in_force), (OPEN, gone)), most)
        stale = report.stale_after_days is not None and (each.days_from or 0) > report.stale_after_days
        tag = '<span class="tag">stale</span>' if stale else ""
        rows.append(_plotted(f"{_age(each)}{tag}", bar, cells((each.in_force, gone, each.answers))))
    caption = "Settled answers by the age of the oldest fact behind them"
    yield from _plot(caption, "Age", ("in force", "does not apply", "all"), rows)
    if report.stale_after_days is not None:
        yield (
            f'<p class="small">Stale: older than {counted(report.stale_after_days, "day")}, a parameter of this '
            "software. Which answers they are: <code>vhkg query old-or-ambiguous-facts --cohort DIR</code>.</p>"
        )
    yield "</section>"


def _age(age: Age) -> str:
    if age.days_from is None:
        return "a fact without a day"
    if age.days_to is None:
        return f"more than {counted(age.days_from - 1, 'day')}"
    return f"{number(age.days_from)} to {counted(age.days_to, 'day')}"


def conformance(report: CohortReport) -> Iterator[str]:
    yield '<section aria-labelledby="conformance"><h2 id="conformance">What the patient shapes found</h2>'
    if not report.faults:
        yield "<p>Nothing.</p></section>"
        return
    yield "<p>A violation keeps a record from being decided; a warning or an information does not.</p>"
    yield '<table class="listed"><caption>Results of validation, by message</caption><thead><tr>'
    yield f'<th scope="col">Message</th><th scope="col">Severity</th>{heads("Patients", "Results")}'
    yield "</tr></thead><tbody>"
    for each in report.faults:
        severity = f"<td>{text(each.severity)}</td>"
        yield row(text(each.message), severity, *cells((each.patients, each.results)))
    yield "</tbody></table></section>"


def entries(report: CohortReport) -> Iterator[str]:
    yield '<section aria-labelledby="entries"><h2 id="entries">What became of what was read</h2>'
    if not report.entries:
        yield "<p>There was no entry.</p></section>"
        return
    whole = sum(each.entries for each in report.entries)
    yield (
        "<p>An entry is what a format says at one place: a row, an assessment, a resource, a feature. Each is counted "
        "once. Only the first kind asserts anything; the others change no answer.</p>"
    )
    yield f"<table><caption>{counted(whole, 'entry', 'entries')}, by what they came to</caption><thead><tr>"
    yield f'<th scope="col">Came to</th>{heads("Entries")}</tr></thead><tbody>'
    for each in report.entries:
        label, meaning = _FATES[each.fate]
        yield row(f"{text(label)}<small>{text(meaning)}</small>", *cells((each.entries,), (whole,)))
    yield "</tbody></table></section>"


_FATES = {
    Fate.READ: ("Read", "it says that a finding is present or absent"),
    Fate.UNKNOWN: ("Recorded as unknown", "it is about a finding, and neither asserts nor denies it"),
    Fate.SILENT: ("Says nothing", "its code is known, and says nothing of the findings as it stands"),
    Fate.UNMAPPED: ("Unmapped", "nothing says what its code means; the codes are listed below"),
    Fate.TEXT_ONLY: ("Text only", "it has no code, and free text is not interpreted"),
    Fate.DROPPED: ("Entered in error", "the record itself takes it back"),
    Fate.IRRELEVANT: ("Irrelevant", "of a kind that states no finding of the patient by itself"),
    Fate.REFUSED: ("Refused", "it cannot be read; the reasons are listed below"),
}


def unmapped(report: CohortReport) -> Iterator[str]:
    yield '<section aria-labelledby="unmapped"><h2 id="unmapped">Codes that nothing maps</h2>'
    if not report.unmapped:
        yield "<p>None.</p></section>"
        return
    yield (
        f"<p>{counted(report.unmapped_codes, 'code')}. What they stand for was not read as a fact; most of it may have "
        "nothing to do with the article.</p>"
    )
    yield '<table class="listed"><caption>Unmapped codes, the most frequent first</caption><thead><tr>'
    yield f'<th scope="col">Code</th>{heads("Entries", "Files")}</tr></thead><tbody>'
    for each in report.unmapped:
        yield row(f"<code>{text(each.code)}</code>", *cells((each.entries, each.files)))
    yield "</tbody></table>"
    yield _more(report.unmapped_codes - len(report.unmapped), "code", "unmapped")


def refusals(report: CohortReport) -> Iterator[str]:
    yield '<section aria-labelledby="refused"><h2 id="refused">What was set aside unread</h2>'
    if not report.refused:
        yield "<p>Nothing was refused.</p></section>"
        return
    unnamed = f"; {number(report.refused_unnamed)} of them without a patient's name" if report.refused_unnamed else ""
    refused = counted(report.refused, "record or entry", "records and entries")
    yield f"<p>{refused}{unnamed}. The answers for all others are the same as without them.</p>"
    yield '<table class="listed"><caption>Refusals, by file and patient</caption><thead><tr>'
    yield '<th scope="col">File</th><th scope="col">Patient</th><th scope="col">What is wrong</th></tr></thead><tbody>'
    for each in report.refusals:
        patient = text(each.patient) if each.patient else '<span class="quiet">not known</span>'
        yield row(text(each.file), f"<td>{patient}</td>", f"<td>{text(each.message)}</td>")
    yield "</tbody></table>"
    yield _more(report.refused - len(report.refusals), "refusal", "refused")


def _more(count: int, noun: str, table: str) -> str:
    """The end of a section, with what its table does not list."""
    told = (
        f'<p class="small">{counted(count, f"more {noun}")} in the table <code>{table}</code>.</p>' if count > 0 else ""
    )
    return f"{told}</section>"
