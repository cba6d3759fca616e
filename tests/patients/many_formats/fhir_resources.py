"""Statements as FHIR R4 resources, each in one of the idioms that say it, chosen at random."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from tests.patients.many_formats import codes
from tests.patients.many_formats.codes import Code
from tests.patients.many_formats.fhir_observations import ObservationWriter, place_of
from tests.patients.many_formats.fhir_parts import MODIFIED, Resource, concept, condition_status, noise
from tests.patients.many_formats.generator import LEVELS
from tests.patients.many_formats.patient import (
    INTERVENTIONS,
    OF_PATIENT,
    SUBJECT,
    Assessed,
    Fact,
    Resolved,
    Score,
    Statement,
    Suspected,
)

_ACTIVE = ("active", "recurrence", "relapse")
_NOT_KNOWN_TO_BE_DONE = ("preparation", "in-progress", "on-hold", "stopped", "unknown", "")
_UNCONFIRMED: tuple[tuple[str, str], ...] = (
    ("unconfirmed", "active"),
    ("", "active"),
    ("confirmed", "inactive"),
    ("confirmed", "remission"),
    ("confirmed", ""),
    ("provisional", "resolved"),
)
"""Pairs of verificationStatus and clinicalStatus that leave open whether the condition is there."""


class ResourceWriter(ObservationWriter):
    """Writes all resources of one patient."""

    def resources(self) -> list[Resource]:
        """The whole patient: what is stated, and resources in between that state nothing."""
        statements = list(self._patient.statements)
        found: list[Resource] = []
        for group in self._panels(statements):
            found.append(self._panel(group))
        for pair in self._pairs(statements):
            found.append(self._of_two_lesions(*pair))
        found += [_without_empty_status(self._resource(statement)) for statement in statements]
        found = [self._contained(each) if self._chance(0.06) else each for each in found]
        found += [each for each in noise(self._made) if self._chance(0.12)]
        self._choice.shuffle(found)
        return found

    # --- one statement

    def _resource(self, statement: Statement) -> Resource:
        if isinstance(statement, Score):
            return self._score(statement)
        if isinstance(statement, Suspected):
            status = self._choice.choice(("provisional", "differential"))
            return self._condition(self._exact(SUBJECT), status, "active", statement.lesion, recorded=statement.day)
        if isinstance(statement, Resolved):
            return self._resolved(statement)
        return self._choice.choice(self._idioms(statement.fact))(statement.fact)

    def _idioms(self, fact: Fact) -> Sequence[Callable[[Fact], Resource]]:
        observed = [self._coded_answer, self._coded_answer]
        if fact.finding in INTERVENTIONS:
            return [self._procedure, self._procedure, self._procedure, *observed]
        if fact.status == "unknown":
            listed = [self._no_longer_listed] if not fact.lesion else []
            spoilt = [self._spoilt, self._unconfirmed] * 4
            return [*observed, *spoilt, *listed, *self._elsewhere(fact)]
        if fact.status == "present":
            dependent = [self._by_site] if fact.finding == SUBJECT and fact.lesion in (*LEVELS, "") else []
            return [*observed, self._active, self._active, self._active, self._narrower, *dependent]
        listed = [self._listed] if not fact.lesion else []
        return [*observed, self._refuted, self._refuted, self._gone, self._broader, self._saying_no, *listed]

    def _active(self, fact: Fact) -> Resource:
        return self._condition(self._exact(fact.finding), "confirmed", self._choice.choice(_ACTIVE), fact.lesion,
                               **{self._choice.choice(("recorded", "began", "began_period")): fact.day})  # fmt: skip

    def _narrower(self, fact: Fact) -> Resource:
        code = codes.narrower(fact.finding, self._choice)
        return self._condition([code], "confirmed", "active", fact.lesion, recorded=fact.day)

    def _by_site(self, fact: Fact) -> Resource:
        """R5: a code of any site, at a vertebra, or at the spine where no level is known."""
        written = self._condition([codes.SITE_DEPENDENT], "confirmed", "active", fact.lesion, recorded=fact.day)
        if not fact.lesion:
            written["bodySite"] = [concept([codes.SPINE])]
        return written

    def _refuted(self, fact: Fact) -> Resource:
        clinical = self._choice.choice(("", "active", "resolved"))
        return self._condition(self._exact(fact.finding), "refuted", clinical, fact.lesion, recorded=fact.day)

    def _broader(self, fact: Fact) -> Resource:
        code = codes.broader(fact.finding, self._choice)
        return self._condition([code], "refuted", "", fact.lesion, recorded=fact.day)

    def _saying_no(self, fact: Fact) -> Resource:
        """A code such as "no back pain": the condition is there."""
        code = codes.says_no(fact.finding)
        return self._condition([code], "confirmed", "active", fact.lesion, recorded=fact.day)

    def _listed(self, fact: Fact) -> Resource:
        made = self._made("List", status="current", mode="snapshot", code=concept([codes.says_no(fact.finding)]))
        return made | self._day("date", fact.day)

    def _no_longer_listed(self, fact: Fact) -> Resource:
        return self._listed(fact) | {"status": self._choice.choice(("retired", ""))}

    def _gone(self, fact: Fact) -> Resource:
        """R1: resolved, and only one day known."""
        when = self._choice.choice(("recorded", "ended", "ended_period"))
        return self._condition(self._exact(fact.finding), "confirmed", "resolved", fact.lesion, **{when: fact.day})

    def _resolved(self, statement: Resolved) -> Resource:
        began, ended = (self._choice.choice(each) for each in (("recorded", "began", "began_period"),
                                                               ("ended", "ended_period")))  # fmt: skip
        days = {began: statement.began, ended: statement.ended}
        return self._condition(self._exact(statement.finding), "confirmed", "resolved", statement.lesion, **days)

    def _unconfirmed(self, fact: Fact) -> Resource:
        ways = list(_UNCONFIRMED)
        if fact.finding != SUBJECT:
            ways += [("provisional", "active"), ("differential", "active")]
        verification, clinical = self._choice.choice(ways)
        code = self._exact(fact.finding)
        if self._chance(0.2):
            written = self._condition(code, "confirmed", "active", fact.lesion, recorded=fact.day)
            return written | self._choice.choice(({"abatementString": "last year"}, MODIFIED))
        return self._condition(code, verification, clinical, fact.lesion, recorded=fact.day)

    def _elsewhere(self, fact: Fact) -> list[Callable[[Fact], Resource]]:
        """Beside levels, what is at a site that is not mapped may be of another lesion."""
        possible = self._has_level and not fact.lesion and fact.finding not in OF_PATIENT
        return [self._at_unmapped_site] if possible else []

    def _at_unmapped_site(self, fact: Fact) -> Resource:
        written = self._condition(self._exact(fact.finding), "confirmed", "active", "", recorded=fact.day)
        return written | {"bodySite": [concept([codes.UNMAPPED_SITE_CODE])]}

    def _procedure(self, fact: Fact) -> Resource:
        status = {"present": "completed", "absent": "not-done"}.get(fact.status, "")
        written = self._made(
            "Procedure",
            status=status or self._choice.choice(_NOT_KNOWN_TO_BE_DONE),
            code=concept(self._exact(fact.finding)),
            **self._sites(fact.lesion, several=True),
        )
        if self._chance(0.4):
            return written | self._period("performedPeriod", fact.day)
        return written | self._day("performedDateTime", fact.day)

    def _condition(self, code: list[Code], verification: str, clinical: str, lesion: str, **days: str) -> Resource:
        found = self._made("Condition", code=concept(code), **self._sites(lesion, several=True))
        found |= condition_status(verification, clinical)
        for name, day in days.items():
            if name.endswith("_period"):
                element = "onsetPeriod" if name == "began_period" else "abatementPeriod"
                found |= self._period(element, day)
            else:
                element = {"recorded": "recordedDate", "began": "onsetDateTime", "ended": "abatementDateTime"}[name]
                found |= self._day(element, day)
        return found

    def _panels(self, statements: list[Statement]) -> Iterable[list[Assessed | Score]]:
        """Groups that one observation with components can say; they are taken out of the statements."""
        by_place: dict[tuple[str, str], list[Assessed | Score]] = {}
        for each in statements:
            if isinstance(each, Assessed | Score):
                by_place.setdefault(place_of(each), []).append(each)
        for group in by_place.values():
            if len(group) > 1 and self._chance(0.2):
                chosen = self._choice.sample(group, self._choice.randint(2, len(group)))
                for each in chosen:
                    statements.remove(each)
                yield chosen

    # --- one resource of two lesions

    def _pairs(self, statements: list[Statement]) -> Iterable[tuple[Fact, Fact]]:
        """Facts alike but for the level, which one condition or procedure with two body sites can say."""
        alike: dict[Fact, list[Assessed]] = {}
        for each in statements:
            if isinstance(each, Assessed) and each.fact.lesion in LEVELS and each.fact.finding not in OF_PATIENT:
                alike.setdefault(each.fact._replace(lesion=""), []).append(each)
        for group in alike.values():
            if len({each.fact.lesion for each in group}) > 1 and self._chance(0.5):
                one, other = group[0], next(each for each in group if each.fact.lesion != group[0].fact.lesion)
                statements.remove(one)
                statements.remove(other)
                yield one.fact, other.fact

    def _of_two_lesions(self, one: Fact, other: Fact) -> Resource:
        if one.finding in INTERVENTIONS:
            written = self._procedure(one)
        else:
            idioms = {"present": self._active, "absent": self._refuted, "unknown": self._unconfirmed}
            written = idioms[one.status](one)
        written["bodySite"] = [concept([codes.site(fact.lesion, self._choice)]) for fact in (one, other)]
        return written

    def _contained(self, inner: Resource) -> Resource:
        """The same inside a resource that states nothing itself."""
        return self._made("DiagnosticReport", status="final", contained=[inner])


def _without_empty_status(resource: Resource) -> Resource:
    return {name: value for name, value in resource.items() if (name, value) != ("status", "")}
