"""Blocks six to eight: what the article is for, what goes with it, what it is against, what is for others."""

from __future__ import annotations

from collections.abc import Sequence

from vhkg.model.answer import RecommendationAnswer, Status, Verdict
from vhkg.rendering.asking import opened
from vhkg.rendering.ledger import every_sentence, readings_of
from vhkg.rendering.screen import Screen
from vhkg.rendering.status import missing, status_words
from vhkg.rendering.wording import action_quote, capital, cited, joined, quoted, sentence, shortened, smallest

_INDENT = 6
_FOR = "FOR   "
_QUOTE = 8
_COLUMN = 68
_FEW = 5


def treatments(screen: Screen) -> None:
    """FOR, or what it becomes under a factor that the article does not address."""
    page, listed = screen.page, screen.treatments()
    if not listed:
        page.add(nothing_for(screen), first=_FOR)
        return
    if screen.undecided() and not screen.full:
        page.add(nothing_for(screen), first=_FOR)
        return
    heading = without_regard(screen)
    if heading:
        page.add(heading)
    _Treatments(screen, listed, first=" " * _INDENT if heading else _FOR).show()


def nothing_for(screen: Screen) -> str:
    """Why nothing is named under FOR: nothing is for this record, or nothing can be said yet."""
    if not screen.treatments():
        return "nothing in the article is for this record."
    if not screen.questions:
        return f"nothing yet. What is recorded leaves every treatment open{screen.hint('--full')}."
    first = screen.questions[0]
    present, absent = opened(screen, first.if_present), opened(screen, first.if_absent)
    if present or absent:
        return f"nothing yet. Question 1 opens {present} if present, {absent} if absent{screen.hint('--full')}."
    return f"nothing yet.{screen.hint('--full')}"


def without_regard(screen: Screen) -> str:
    """What FOR is called where a factor that the article does not address holds every treatment back; else empty."""
    factors = screen.factors()
    return f"SAID WITHOUT REGARD TO {screen.words.factors(factors).upper()}" if factors else ""


class _Treatments:
    """The lines under FOR, in the article's order. Options of the same status are folded into one line."""

    def __init__(self, screen: Screen, listed: Sequence[RecommendationAnswer], *, first: str) -> None:
        options = [] if screen.full else [given for given in listed if given.kind == "surgical-option"]
        self._screen = screen
        self._first = first
        self._listed = listed
        self._open = [given for given in listed if screen.folded and given.status == Status.UNDETERMINED]
        self._options = [given for given in options if given not in self._open]
        self._single = [given for given in listed if given not in options and given not in self._open]
        self._width = max(len(given.line) for given in listed) + 2
        self._quotes_open = screen.full or len(self._single) <= _FEW
        self._shared = shared_readings(self._single)

    def show(self) -> None:
        for given in self._single:
            self._line(given)
        self._folded()
        if self._open:
            self._screen.page.add(further_words(self._screen, self._open), first=self._margin())
        self._after()

    def _margin(self) -> str:
        """The heading stands in the margin of the first line only."""
        first, self._first = self._first, " " * _INDENT
        return first

    def _line(self, given: RecommendationAnswer, *, brief: bool = False) -> None:
        screen = self._screen
        modality = modality_words(given)
        status = status_words(given, screen.numbers, screen.words)
        screen.page.row(
            capital(given.label),
            " · ".join(filter(None, (status, modality, cited(given.sources)))),
            first=f"{self._margin()}{given.line.ljust(self._width)}",
            hang=_INDENT + self._width,
            column=_COLUMN,
        )
        if brief:
            return
        quote = action_quote(given)
        if quote and (self._quotes_open or given.status != Status.UNDETERMINED):
            screen.page.add(quoted(quote), first=" " * _QUOTE)
            for text in harms(given):
                screen.page.add(text, first=" " * _QUOTE, hang=_QUOTE + 2)
        if screen.full:
            every_sentence(screen, given, indent=_QUOTE)
        else:
            for text in readings_of(screen, given, leaving_out=self._shared):
                screen.page.add(text, first=" " * _QUOTE, hang=_QUOTE + 2)

    def _folded(self) -> None:
        screen = self._screen
        groups: dict[str, list[RecommendationAnswer]] = {}
        for given in self._options:
            groups.setdefault(status_words(given, screen.numbers, screen.words), []).append(given)
        for status, group in groups.items():
            if len(group) == 1:
                self._line(group[0], brief=True)
                continue
            sources = {cited(given.sources) for given in group}
            same = next(iter(sources)) if len(sources) == 1 else ""
            head = " · ".join(filter(None, (f"{len(group)} options", status, same)))
            named = "; ".join(_worded(given, with_sources=not same) for given in group)
            line = " / ".join(dict.fromkeys(given.line for given in group))
            start = (line if len(line) < self._width else "option").ljust(self._width)
            screen.page.add(f"{head}: {named}", first=f"{self._margin()}{start}")

    def _after(self) -> None:
        """What concerns several lines together, once."""
        page, words = self._screen.page, self._screen.words
        first = " " * _INDENT
        if self._shared and not self._screen.full:
            named = joined([f"{words.reading(name)} ({name})" for name in self._shared])
            text = f"reading that matters to every line above: {named}{self._screen.hint('--full')}."
            page.add(text, first=first)
        for text in order_words(self._screen, self._listed):
            page.add(text, first=first, hang=_QUOTE)


def further_words(screen: Screen, left: Sequence[RecommendationAnswer]) -> str:
    """What lines that are only counted depend on."""
    missed = dict.fromkeys(fact.finding for given in left for fact in missing(given))
    named = joined([screen.words.topic(name) for name in missed])
    counted = f"{len(left)} further lines depend" if len(left) > 1 else "1 further line depends"
    return f"{counted} on {named}{screen.hint('--full')}"


def order_words(screen: Screen, listed: Sequence[RecommendationAnswer]) -> list[str]:
    """How the order of several lines is to be taken."""
    texts = ["Listed in the article's order."] if len(listed) > 1 else []
    known = {given.id for given in listed}
    for combination in screen.answer.combinations:
        if known.issuperset(combination.recommendations):
            named = "; ".join(screen.words.recommendation(name) for name in combination.recommendations)
            texts.append(sentence(f"{capital(named)}: {combination.relation}"))
    return texts


def modality_words(given: RecommendationAnswer) -> str:
    """The article's modality, quoted, where it says more than the line does."""
    adds = given.modality and given.modality.replace("-", " ") != given.line.replace("-", " ")
    return quoted(given.modality) if adds else ""


def _worded(given: RecommendationAnswer, *, with_sources: bool) -> str:
    """An option in one phrase: name, the article's modality, citations."""
    modality = f" {quoted(given.modality)}" if given.modality else ""
    return f"{given.label}{modality}{f' ({cited(given.sources)})' if with_sources else ''}"


def harms(given: RecommendationAnswer) -> list[str]:
    """Where the quotation names a benefit, the harm the article states beside it, with what its number counts."""
    quote = action_quote(given)
    if not any(outcome.kind == "benefit" and outcome.quote in quote for outcome in given.outcomes):
        return []
    return [
        f"harm: {quoted(outcome.quote)}{f'; {outcome.denominator}' if outcome.denominator else ''}"
        for outcome in given.outcomes
        if outcome.kind == "harm" and outcome.quote not in quote
    ]


def shared_readings(listed: Sequence[RecommendationAnswer]) -> list[str]:
    """Readings that matter to every one of several lines are said once, below them."""
    counts: dict[str, int] = {}
    for given in listed:
        for reading in given.readings:
            counts[reading.id] = counts.get(reading.id, 0) + bool(reading.changes)
    return [name for name, count in counts.items() if count > 1 and count == len(listed)]


def companions(screen: Screen) -> None:
    """Examinations and follow-up; those that are open are named only."""
    listed = screen.companions()
    if not listed:
        return
    first = "WITH".ljust(_INDENT)
    still_open = [given for given in listed if given.status == Status.UNDETERMINED and not screen.full]
    if screen.answer.verdict is Verdict.NOT_APPLICABLE:
        listed, still_open = [given for given in listed if given not in still_open], []
    for given in listed:
        if given in still_open:
            continue
        status, quote = status_words(given, screen.numbers, screen.words), action_quote(given)
        name = "" if given.label.lower() in quote.lower() else f"{capital(given.label)} "
        screen.page.add(
            f"{name}{quoted(quote)} · {status} · {cited(given.sources)}",
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
    screen.page.add(refused_words(screen), first="NOT FOR THIS PATIENT  ", hang=_QUOTE)
    for given in listed if screen.full else ():
        screen.page.add(f"{capital(given.label)} · {cited(given.sources)}", first=" " * _INDENT)
        every_sentence(screen, given, indent=_QUOTE)


def refused_words(screen: Screen) -> str:
    """What is not offered to this patient, by the recorded facts that say so."""
    listed = screen.refused()
    groups: dict[str, list[str]] = {}
    for given in listed:
        reason = screen.words.facts(smallest(given.because)) or "what is recorded"
        groups.setdefault(reason, []).append(given.label)
    limit = len(listed) if screen.full else 2
    named = " · ".join(f"{shortened(names, limit)} (recorded: {reason})" for reason, names in groups.items())
    one = len(listed) == 1
    return (
        f"{named}. The article offers {'it' if one else 'them'} only otherwise; "
        f"it does not forbid {'it' if one else 'them'}{screen.hint('vhkg explain')}."
    )


def names_only(screen: Screen) -> None:
    """Blocks six and seven under --brief."""
    listed = screen.treatments()
    if not listed or screen.undecided():
        screen.page.add("nothing yet." if listed else "nothing in the article is for this record.", first=_FOR)
    else:
        named = "; ".join(f"{given.label} [{status_words(given, screen.numbers, screen.words)}]" for given in listed)
        screen.page.add(named, first=_FOR)
    against = "; ".join(
        f"{given.label} [{status_words(given, screen.numbers, screen.words)}]" for given in screen.cautions()
    )
    if against:
        screen.page.add(against, first="AGAINST  ")
