"""One presentation becomes one answer: statuses, reasons, questions, silences, all down to the sentence."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from vhkg.answering.placement import Placed
from vhkg.answering.verdicts import described, global_factors, headline, verdict
from vhkg.decision.facts import EffectiveFacts, effective
from vhkg.decision.statuses import StatusRule
from vhkg.explanation.questions import questions
from vhkg.explanation.readings import dependence
from vhkg.explanation.reasons import completions, reasons, shown_literals
from vhkg.explanation.situation import Decider, Situation
from vhkg.model.answer import (
    Answer,
    Classes,
    Combination,
    ConflictShown,
    FactShown,
    FindingState,
    Headline,
    NoticeShown,
    RecommendationAnswer,
    SilenceShown,
    StatementShown,
    Status,
    SupersededFact,
    Verdict,
)
from vhkg.model.checks import ValidationResult
from vhkg.model.content import Content, Outcome, Recommendation
from vhkg.model.record import Assertion, AssertionStatus, PatientRecord

NOT_ORDERED = "order not stated"
RANKED = "the second is listed after the first"


class _Fixed(NamedTuple):
    """The parts of a recommendation's answer that no patient changes."""

    statements: tuple[StatementShown, ...]
    outcomes: tuple[Outcome, ...]
    sources: tuple[str, ...]


class Composer:
    """Prepared once for a knowledge; immutable, so one may serve many threads."""

    def __init__(self, decider: Decider) -> None:
        self.decider = decider
        self._content = decider.content
        self._fixed = {r.name: _fixed(r, self._content) for r in self._content.recommendations}

    def compose(
        self,
        record: PatientRecord,
        placed: Placed,
        *,
        readings: Mapping[str, str],
        as_of: datetime.date | None,
        warnings: Sequence[ValidationResult] = (),
        assumed: Mapping[str, bool] | None = None,
    ) -> Answer:
        """The answer for one lesion of a record that conforms.

        `assumed` maps findings to present (true) or absent (false) and takes the place of what is recorded of
        them: a what-if. `as_of` None means the latest day in the assertions given.
        """
        facts = effective(placed.assertions, self.decider.evaluator, as_of)
        situation = Situation(self.decider, facts.literals, readings)
        if assumed:
            evaluator = self.decider.evaluator
            situation = situation.assume(evaluator.literal(name, value) for name, value in assumed.items())
        return self._answer(record, placed, facts, situation, warnings)

    def invalid(self, record: PatientRecord, placed: Placed | None, results: Sequence[ValidationResult]) -> Answer:
        """The answer for a record that does not conform: nothing is decided on it."""
        text = "The record cannot be used: it does not conform to the patient shapes."
        return Answer(
            file=record.file,
            patient=record.patient,
            presentation=placed.presentation.name if placed else "",
            label=placed.presentation.label if placed else "",
            as_of=None,
            conforms=False,
            violations=tuple(results),
            verdict=Verdict.INVALID,
            headline=Headline(clinician=text, patient=text),
            described_as="a record that does not conform",
            findings={},
            classes=Classes(entailed=(), undetermined=()),
            recommendations=(),
            combinations=(),
            ask=(),
            which_lesion=(),
            silent=(),
            notices=(),
            conflicts=(),
            superseded=(),
            later=(),
            readings={},
            flags=("invalid", "pending-review"),
        )

    def _answer(
        self,
        record: PatientRecord,
        placed: Placed,
        facts: EffectiveFacts,
        situation: Situation,
        warnings: Sequence[ValidationResult],
    ) -> Answer:
        recorded = _by_literal(facts, self.decider)
        found = verdict(situation, bool(facts.conflicts))
        recommendations = tuple(self._recommendation(rule, situation, recorded) for rule in self.decider.rules)
        ask = questions(situation, {a.finding: "unknown" for a in facts.unknown})
        if found is Verdict.NOT_APPLICABLE:
            ask = ()
        entailed, undetermined = situation.classes()
        return Answer(
            file=record.file,
            patient=record.patient,
            presentation=placed.presentation.name,
            label=placed.presentation.label,
            as_of=facts.as_of,
            conforms=True,
            violations=tuple(warnings),
            verdict=found,
            headline=headline(found, situation, recommendations, ask),
            described_as=described(situation, ask),
            findings=_states(facts, situation, recorded),
            classes=Classes(entailed=entailed, undetermined=undetermined),
            recommendations=recommendations,
            combinations=_combinations(recommendations, self._content),
            ask=ask,
            which_lesion=placed.unplaced,
            silent=_silences(situation),
            notices=_notices(situation, facts, recommendations, found),
            conflicts=tuple(_conflict(c.assertions) for c in facts.conflicts),
            superseded=tuple(
                SupersededFact(fact=_fact(s.assertion), by=tuple(_fact(a) for a in s.by)) for s in facts.superseded
            ),
            later=tuple(_fact(a) for a in facts.future),
            readings=dict(situation.readings),
            flags=_flags(facts, situation, placed),
        )

    def _recommendation(
        self, rule: StatusRule, situation: Situation, recorded: Mapping[int, Assertion]
    ) -> RecommendationAnswer:
        recommendation = self.decider.recommendation[rule.name]
        assessed = situation.assessed[rule.name]
        fixed = self._fixed[rule.name]
        rests = dependence(situation, rule)
        return RecommendationAnswer(
            id=recommendation.name,
            label=recommendation.label,
            plain_label=recommendation.plain_label,
            intervention=recommendation.target,
            kind=recommendation.kind,
            line=recommendation.line,
            modality=recommendation.modality,
            order=recommendation.order,
            first_line=recommendation.first_line,
            direction=recommendation.direction,
            status=assessed.status,
            base_status=assessed.base,
            because=reasons(situation, rule.name, recorded),
            confirm=tuple(shown_literals(situation, c) for c in completions(situation, rule.name, True)),
            refute=tuple(shown_literals(situation, c) for c in completions(situation, rule.name, False)),
            readings=rests.readings,
            holds_under_every_reading=rests.everywhere,
            outcomes=fixed.outcomes,
            strength=recommendation.strength,
            certainty=recommendation.certainty,
            not_addressed=assessed.not_addressed,
            sources=fixed.sources,
            statements=fixed.statements,
            scope_note=recommendation.scope_note,
            flags=(*recommendation.flags, "capped") if assessed.base is not assessed.status else recommendation.flags,
        )


def _fixed(recommendation: Recommendation, content: Content) -> _Fixed:
    outcomes = tuple(content.outcomes[name] for name in recommendation.outcomes)
    roles = [(use.statement, use.role) for use in recommendation.uses]
    roles += [(name, outcome.kind) for outcome in outcomes for name in outcome.statements]
    shown = []
    for name, role in dict.fromkeys(roles):
        statement = content.statements[name]
        shown.append(
            StatementShown(
                id=name,
                role=role,
                quote=statement.quote,
                section=statement.section,
                start=statement.start,
                end=statement.end,
                citations=statement.citations,
            )
        )
    sources = {marker for s in shown if s.role == "action" for marker in s.citations}
    return _Fixed(tuple(shown), outcomes, tuple(sorted(sources)))


def _by_literal(facts: EffectiveFacts, decider: Decider) -> dict[int, Assertion]:
    """Each recorded literal with the latest assertion that makes it."""
    found: dict[int, Assertion] = {}
    for assertion in facts.accepted:
        if not decider.evaluator.has_atom(assertion.finding):
            continue
        literal = decider.evaluator.literal(assertion.finding, assertion.status is AssertionStatus.PRESENT)
        earlier = found.get(literal)
        if earlier is None or (assertion.date or datetime.date.min) >= (earlier.date or datetime.date.min):
            found[literal] = assertion
    return found


def _fact(assertion: Assertion) -> FactShown:
    return FactShown(finding=assertion.finding, status=assertion.status.value, date=assertion.date)


def _conflict(assertions: Sequence[Assertion]) -> ConflictShown:
    return ConflictShown(facts=tuple(map(_fact, assertions)), origins=tuple(a.origin for a in assertions))


def _states(
    facts: EffectiveFacts, situation: Situation, recorded: Mapping[int, Assertion]
) -> dict[str, FindingState]:
    """The state of every finding; of interventions only where something is recorded or follows."""
    decider = situation.decider
    evaluator = decider.evaluator
    aside = {a.finding: a for conflict in facts.conflicts for a in conflict.assertions}
    unknown = {a.finding: a for a in facts.unknown}
    accepted = {a.finding: a for a in facts.accepted}
    states = {}
    for name, finding in decider.content.findings.items():
        status, assertion, written = "unknown", None, ""
        if evaluator.has_atom(name):
            bit = 1 << (evaluator.literal(name, True) - 1)
            if situation.closed.present & bit:
                status = "present"
            elif situation.closed.absent & bit:
                status = "absent"
            if status != "unknown":
                assertion = recorded.get(evaluator.literal(name, status == "present"))
        elif name in accepted:
            assertion = accepted[name]
            status = assertion.status.value
        if assertion is not None:
            written = assertion.status.value
        elif status == "unknown" and name in aside:
            status, assertion, written = "conflict", aside[name], "conflict"
        elif status == "unknown" and name in unknown:
            assertion, written = unknown[name], "unknown"
        if finding.question or status != "unknown" or written:
            states[name] = FindingState(
                status=status,
                recorded=written,
                date=assertion.date if assertion else None,
                from_=assertion.origin if assertion else "",
            )
    return states


def _combinations(recommendations: Sequence[RecommendationAnswer], content: Content) -> tuple[Combination, ...]:
    """Treatments that stand together: those that the article ranks, and those among which it states no order."""
    standing = [
        r.id
        for r in recommendations
        if r.kind == "treatment" and r.direction == "for" and r.status in (Status.APPLIES, Status.PROVISIONAL)
    ]
    after = {r.name: set(r.ranked_after) for r in content.recommendations}
    found = [
        Combination(recommendations=(first, second), relation=RANKED)
        for second in standing
        for first in standing
        if first in after[second]
    ]
    loose = [name for name in standing if any(_unordered(name, other, after) for other in standing if other != name)]
    if loose:
        found.append(Combination(recommendations=tuple(loose), relation=NOT_ORDERED))
    return tuple(found)


def _unordered(one: str, other: str, after: Mapping[str, set[str]]) -> bool:
    return one not in after[other] and other not in after[one]


def _silences(situation: Situation) -> tuple[SilenceShown, ...]:
    content = situation.decider.content
    return tuple(
        SilenceShown(
            id=silence.name,
            label=silence.label,
            question=silence.question,
            quote=content.statements[silence.nearest].quote,
            statement=silence.nearest,
        )
        for silence in content.silences
        if any(situation.holds(raised) is True for raised in silence.raised_by)
    )


def _notices(
    situation: Situation, facts: EffectiveFacts, recommendations: Sequence[RecommendationAnswer], found: Verdict
) -> tuple[NoticeShown, ...]:
    shown = []
    for notice in situation.decider.content.notices:
        text = notice.text
        if notice.stale_after_days:
            old = _stale(facts.as_of, recommendations, notice.stale_after_days)
            if not old:
                continue
            labels = situation.decider.content.findings
            named = ", ".join(f"{labels[f.finding].label} {f.status} ({f.date})" for f in old)
            text = f"{text} Older than {notice.stale_after_days} days: {named}."
        elif found is Verdict.NOT_APPLICABLE or situation.holds(notice.shown_unless) is True:
            continue
        shown.append(NoticeShown(id=notice.name, text=text, audience=notice.audience))
    return tuple(shown)


def _stale(
    as_of: datetime.date | None, recommendations: Sequence[RecommendationAnswer], days: int
) -> tuple[FactShown, ...]:
    """Facts behind a decided status that are older than so many days on the as-of date."""
    if as_of is None:
        return ()
    old = {
        fact
        for recommendation in recommendations
        for reason in recommendation.because
        for fact in reason
        if fact.date is not None and (as_of - fact.date).days > days
    }
    return tuple(sorted(old, key=lambda fact: (fact.date or as_of, fact.finding)))


def _flags(facts: EffectiveFacts, situation: Situation, placed: Placed) -> tuple[str, ...]:
    flags = ["pending-review", "strength-not-stated", "citations-without-bibliography"]
    if facts.conflicts:
        flags.append("conflict")
    if facts.superseded:
        flags.append("superseded")
    if facts.future:
        flags.append("later-facts-ignored")
    if placed.unplaced:
        flags.append("lesion-not-recorded")
    flags += [f"not-addressed:{factor}" for factor in global_factors(situation)]
    defaults = situation.decider.content.readings
    flags += [
        f"reading:{name}={chosen}" for name, chosen in situation.readings.items() if chosen != defaults[name].default
    ]
    return tuple(flags)
