"""The text of `vhkg check`."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from vhkg.assurance.report import KnowledgeReport

UNRELATED = "other"


def report_text(report: KnowledgeReport, source: str | None, width: int) -> str:
    """One line for each check, its faults below it, then gaps and meetings; ends in a line break."""
    return "\n".join(_lines(report, source, width)) + "\n"


def _lines(report: KnowledgeReport, source: str | None, width: int) -> Iterator[str]:
    yield f"knowledge {report.version} · {report.digest[:12]}" + (f" · against {source}" if source else "")
    for check in report.checks:
        mark = "fail" if not check.ok else "ok" if check.ran else "not run"
        yield from _hanging(f"  {mark:<8}{check.name:<13}", check.summary, width)
        for fault in check.faults:
            yield from _hanging("             - ", str(fault), width)
    counts = report.counts
    yield from _hanging(
        "  counts   ",
        f"{counts.passages} passages and {counts.claims} claims: {counts.modelled} modelled, "
        f"{counts.deferred} deferred, {counts.out_of_scope} out of scope; {counts.clinical_claims} clinical claims, "
        f"{counts.uncited_clinical_claims} of them uncited; "
        + ", ".join(f"{number} sources {standing}" for standing, number in counts.sources.items()),
        width,
    )
    if report.gaps:
        yield "gaps: presentations within the article's scope for which it has no branch, and the silence that says so"
    for gap in report.gaps:
        yield from _hanging("  ", f"{gap.presentation} → {', '.join(gap.silences) or 'NOT NAMED'}", width)
    if report.meetings:
        yield "meetings: what is recommended while something is advised against, and how the two relate"
    for meeting in report.meetings:
        if meeting.relation != UNRELATED:
            yield from _hanging("  ", f"{meeting.recommended} × {meeting.against}: {meeting.relation}", width)
    unrelated = sum(meeting.relation == UNRELATED for meeting in report.meetings)
    if unrelated:
        yield f"  {unrelated} further pairs that name different interventions (--format json lists them)"


def _hanging(start: str, text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, initial_indent=start, subsequent_indent=" " * min(len(start), 24))
