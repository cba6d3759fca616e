"""One presentation becomes one answer: statuses, reasons, questions, silences, all down to the sentence."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from vhkg.answering import plain
from vhkg.answering.companions import combinations, flags, notices, silences
from vhkg.answering.placement import Placed
from vhkg.answering.states import by_literal, conflict_shown, doubtful_literals, fact_shown, finding_states
from vhkg.answering.verdicts import described, headline, verdict
from vhkg.decision.facts import EffectiveFacts, effective
from vhkg.decision.statuses import StatusRule
from vhkg.explanation.decider import Decider
from vhkg.explanation.explanations import Explanations
from vhkg.explanation.questions import questions
from vhkg.explanation.situation import Situation
from vhkg.model.answer import (
    Answer,
    Classes,
    FactShown,
    Headline,
    RecommendationAnswer,
    StatementShown,
    SupersededFact,
    Verdict,
)
from vhkg.model.checks import ValidationResult
from vhkg.model.content import Content, Outcome, Recommendation
from vhkg.model.record import PatientRecord


class _Fixed(NamedTuple):
    """The parts of a recommendation's answer that no patient changes."""

    statements: tuple[StatementShown, ...]
    outcomes: tuple[Outcome, ...]
    sources: tuple[str, ...]


class Composer:
    """Prepared once for a knowledge; immutable, so one may serve many threads."""

    def __init__(self, decider: Decider, explanations: Explanations) -> None:
        self.decider = decider
        self._content = decider.content
        self._fixed = {r.name: _fixed(r, self._content) for r in self._content.recommendations}
        self.explanations = explanations

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
        situation = Situation(self.decider, facts.literals, readings, doubtful_literals(facts, self.decider))
        if assumed:
            evaluator = self.decider.evaluator
            situation = situation.assume(evaluator.literal(name, value) for name, value in assumed.items())
        return self._answer(record, placed, facts, situation, warnings)

    def evidence(self, recommendation: str) -> tuple[tuple[str, ...], str]:
        """The markers of the sources of a recommendation, and the statement of its action, empty if there is none."""
        fixed = self._fixed[recommendation]
        action = next((statement.id for statement in fixed.statements if statement.role == "action"), "")
        return fixed.sources, action

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
            headline=Headline(clinician=text, patient=plain.INVALID),
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
        recorded = by_literal(facts, self.decider)
        shown = {literal: fact_shown(assertion) for literal, assertion in recorded.items()}
        found = verdict(situation, bool(facts.conflicts))
        recommendations = tuple(self._recommendation(rule, situation, shown) for rule in self.decider.rules)
        previews = 1 if found in (Verdict.UNDECIDED, Verdict.CONTRADICTION) else 0
        written = {a.finding: "unknown" for a in facts.unknown}
        written |= dict.fromkeys(placed.unplaced, "unplaced")
        written |= {a.finding: "conflict" for conflict in facts.conflicts for a in conflict.assertions}
        ask = questions(situation, written, previews=previews)
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
            described_as=described(found, situation, ask),
            findings=finding_states(facts, situation, recorded),
            classes=Classes(entailed=entailed, undetermined=undetermined),
            recommendations=recommendations,
            combinations=combinations(recommendations, self._content),
            ask=ask,
            which_lesion=placed.unplaced,
            silent=silences(situation),
            notices=notices(situation, facts, recommendations, found),
            conflicts=tuple(conflict_shown(c.assertions) for c in facts.conflicts),
            superseded=tuple(
                SupersededFact(fact=fact_shown(s.assertion), by=tuple(fact_shown(a) for a in s.by))
                for s in facts.superseded
            ),
            later=tuple(fact_shown(a) for a in facts.future),
            readings=dict(situation.readings),
            flags=flags(facts, situation, placed),
        )

    def _recommendation(
        self, rule: StatusRule, situation: Situation, recorded: Mapping[int, FactShown]
    ) -> RecommendationAnswer:
        explained = self.explanations.of(rule, situation)
        undated = self.decider.undated
        recommendation = self.decider.recommendation[rule.name]
        assessed = situation.assessed[rule.name]
        fixed = self._fixed[rule.name]
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
            because=tuple(tuple(recorded.get(x) or undated[x] for x in row) for row in explained.because),
            confirm=explained.confirm,
            refute=explained.refute,
            readings=explained.rests.readings,
            holds_under_every_reading=explained.rests.everywhere,
            reading_changes=explained.rests.changes,
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
