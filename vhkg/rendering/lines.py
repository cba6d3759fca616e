"""Blocks six to eight: what the article is for, what goes with it, what it is against, what is for others."""

from __future__ import annotations

from collections.abc import Sequence

from vhkg.model.answer import RecommendationAnswer, Status
from vhkg.rendering.asking import opened
from vhkg.rendering.ledger import every_sentence, readings_of
from vhkg.rendering.screen import Screen
from vhkg.rendering.status import status_words
from vhkg.rendering.wording import action_quote, capital, cited, joined, quoted, sentence, shortened, smallest

_INDENT = 6
_QUOTE = 8
_COLUMN = 68
_FEW = 5


def treatments(screen: Screen) -> None:
    page, listed = screen.page, screen.treatments()
    if not listed:
        page.add("nothing in the article is for this record.", first="FOR   ")
        return
    if screen.undecided() and not screen.full:
        page.add(f"nothing yet. {_what_opens(screen)}", first="FOR   ")
        return
    factors = screen.factors()
    first = "FOR".ljust(_INDENT)
    if factors:
        page.add(f"SAID WITHOUT REGARD TO {screen.words.factors(factors).upper()}")
        first = " " * _INDENT
    options = [] if screen.full else [given for given in listed if given.kind == "surgical-option"]
    folded = options if len(options) > 1 else []
    single = [given for given in listed if given not in folded]
    width = max((len(given.line) for given in listed), default=0) + 2
    quote_open = screen.full or len(single) <= _FEW
    shared = _shared_readings(single)
    for given in single:
        _line(screen, given, first, width, quote_open or given.status != Status.UNDETERMINED, shared)
        first = " " * _INDENT
    if folded:
        _folded(screen, folded, first, width)
    _after(screen, listed, shared)


def _what_opens(screen: Screen) -> str:
    if not screen.questions:
        return "What is recorded leaves every treatment open (--full)."
    first = screen.questions[0]
    return (
        f"Question 1 opens {opened(screen, first.if_present)} lines if present, "
        f"{opened(screen, first.if_absent)} if absent (--full)."
    )


def _line(
    screen: Screen, given: RecommendationAnswer, first: str, width: int, quotes: bool, shared: Sequence[str]
) -> None:
    page = screen.page
    status = status_words(given, screen.numbers, screen.words)
    if given.modality and given.modality.replace("-", " ") != given.line.replace("-", " "):
        status += f", {quoted(given.modality)}"
    page.row(
        capital(given.label),
        f"{status} · {cited(given.sources)}",
        first=f"{first}{given.line.ljust(width)}",
        hang=_INDENT + width,
        column=_COLUMN,
    )
    quote = action_quote(given)
    if quotes and quote:
        page.add(quoted(quote), first=" " * _QUOTE)
        harms(screen, given, quote)
    if screen.full:
        every_sentence(screen, given, indent=_QUOTE)
    else:
        for text in readings_of(screen, given, leaving_out=shared):
            page.add(text, first=" " * _QUOTE, hang=_QUOTE + 2)


def harms(screen: Screen, given: RecommendationAnswer, quote: str) -> None:
    """Where a benefit is quoted, the harm the article states beside it, with what its number counts."""
    if not any(outcome.kind == "benefit" and outcome.quote in quote for outcome in given.outcomes):
        return
    for outcome in given.outcomes:
        if outcome.kind == "harm" and outcome.quote not in quote:
            note = f"; {outcome.denominator}" if outcome.denominator else ""
            screen.page.add(f"harm: {quoted(outcome.quote)}{note}", first=" " * _QUOTE, hang=_QUOTE + 2)


def _folded(screen: Screen, options: Sequence[RecommendationAnswer], first: str, width: int) -> None:
    """Options that have the same status share a line; each keeps its words and its citations."""
    groups: dict[str, list[RecommendationAnswer]] = {}
    for given in options:
        groups.setdefault(status_words(given, screen.numbers, screen.words), []).append(given)
    for status, group in groups.items():
        sources = {cited(given.sources) for given in group}
        same = next(iter(sources)) if len(sources) == 1 else ""
        named = "; ".join(
            " ".join(
                filter(None, (given.label, quoted(given.modality) if given.modality else "",
                              "" if same else f"({cited(given.sources)})"))
            )
            for given in group
        )
        count = f"{len(group)} options" if len(group) > 1 else "option"
        head = ", ".join(filter(None, (count, status, same)))
        line = " / ".join(dict.fromkeys(given.line for given in group))
        screen.page.add(f"{head}: {named}", first=f"{first}{(line if len(line) < width else 'option').ljust(width)}")
        first = " " * _INDENT


def _shared_readings(listed: Sequence[RecommendationAnswer]) -> list[str]:
    """Readings that matter in the same way to several lines are said once, below them."""
    counts: dict[str, int] = {}
    for given in listed:
        for reading in given.readings:
            counts[reading.id] = counts.get(reading.id, 0) + reading.matters
    return [name for name, count in counts.items() if count > 1 and count == len(listed)]


def _after(screen: Screen, listed: Sequence[RecommendationAnswer], shared: Sequence[str]) -> None:
    page, words = screen.page, screen.words
    if shared and not screen.full:
        named = joined([f"{words.reading(name)} ({name})" for name in shared])
        page.add(f"reading that matters to every line above: {named}; --full shows each.", first=" " * _INDENT)
    if len(listed) > 1:
        page.add("Listed in the article's order.", first=" " * _INDENT)
    known = {given.id for given in listed}
    for combination in screen.answer.combinations:
        if known.issuperset(combination.recommendations):
            named = joined([words.recommendation(name) for name in combination.recommendations])
            page.add(sentence(f"{capital(named)}: {combination.relation}"), first=" " * _INDENT, hang=_QUOTE)


def companions(screen: Screen) -> None:
    """Examinations and follow-up; those that are open are named only."""
    listed = screen.companions()
    if not listed:
        return
    first = "WITH".ljust(_INDENT)
    still_open = [given for given in listed if given.status == Status.UNDETERMINED and not screen.full]
    for given in listed:
        if given in still_open:
            continue
        status = status_words(given, screen.numbers, screen.words)
        screen.page.add(
            f"{capital(given.label)} {quoted(action_quote(given))} · {status} · {cited(given.sources)}",
            first=first,
            hang=_QUOTE,
        )
        first = " " * _INDENT
        if screen.full:
            every_sentence(screen, given, indent=_QUOTE)
    if still_open:
        named = "; ".join(
            f"{given.label} ({status_words(given, screen.numbers, screen.words)})" for given in still_open
        )
        screen.page.add(f"open: {named}", first=first, hang=_QUOTE)


def cautions(screen: Screen) -> None:
    page, listed = screen.page, screen.cautions()
    for number, given in enumerate(listed):
        first = "AGAINST" if number == 0 else " " * 7
        kept = " (a caution is kept)" if screen.factors() else ""
        status = status_words(given, screen.numbers, screen.words)
        page.add(f"{capital(given.label)}{kept} · {status} · {cited(given.sources)}", first=f"{first}  ", hang=_QUOTE)
        page.add(quoted(action_quote(given)), first=" " * _QUOTE)
        if given.scope_note:
            page.add(sentence(given.scope_note), first=" " * _QUOTE)
        if screen.full:
            every_sentence(screen, given, indent=_QUOTE)


def others(screen: Screen) -> None:
    """One line: not offered here is not the same as forbidden."""
    listed = screen.refused()
    if not listed:
        return
    groups: dict[str, list[str]] = {}
    for given in listed:
        reason = screen.words.facts(smallest(given.because)) or "what is recorded"
        groups.setdefault(reason, []).append(given.label)
    limit = len(listed) if screen.full else 3
    named = "; ".join(f"{shortened(names, limit)} (recorded: {reason})" for reason, names in groups.items())
    one = len(listed) == 1
    screen.page.add(
        f"{named}. The article offers {'it' if one else 'them'} only otherwise; "
        f"it does not forbid {'it' if one else 'them'} (vhkg explain).",
        first="NOT FOR THIS PATIENT  ",
        hang=_QUOTE,
    )


def names_only(screen: Screen) -> None:
    """Blocks six and seven under --brief."""
    listed = screen.treatments()
    if not listed or screen.undecided():
        screen.page.add("nothing yet." if listed else "nothing in the article is for this record.", first="FOR   ")
    else:
        named = "; ".join(
            f"{given.label} [{status_words(given, screen.numbers, screen.words)}]" for given in listed
        )
        screen.page.add(named, first="FOR   ")
    against = "; ".join(
        f"{given.label} [{status_words(given, screen.numbers, screen.words)}]" for given in screen.cautions()
    )
    if against:
        screen.page.add(against, first="AGAINST  ")
