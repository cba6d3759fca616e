"""Resources become outcomes, those that were met before by looking them up.

A resource is known by all of it that decides what it comes to, save its days: of those, which it has and whether one is
none. Of an observation with a code that no table has, or a component with one, that is the code and the status.
"""

from __future__ import annotations

import gc
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.fhir.outcomes import Days, Interpretation, Outcome, days_of
from vhkg.model.coded import CodedEntry
from vhkg.model.source_report import Fate
from vhkg.patients.fhir.flatten import Flattener, Resource, day, has_abated, how_many_values, observed_day
from vhkg.patients.fhir.types import Component, Condition, FhirList, Observation, Period, Procedure

_MOST = 100_000
"""How many are kept, so that a hostile input cannot fill the memory with them."""
_NO_DAYS: Days = ("", "", "", "")
_WITHOUT_MEANING = (Fate.UNMAPPED, Fate.TEXT_ONLY, Fate.DROPPED)


Outcomes: TypeAlias = dict[Hashable, Outcome | None]
"""None for what has to be looked at again, since its days matter."""


Understood: TypeAlias = tuple[str, Outcome, Days]
"""What one entry of a resource comes to; the text in front names a component: ``#component1``."""


@contextmanager
def no_collection() -> Iterator[None]:
    """What is read has no cycles, and to look for them takes a tenth of the time."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


class Memory:
    """Grows up to a bound. `file` is what refusals call the input."""

    def __init__(self, knowledge: Knowledge, file: str) -> None:
        self.interpretation = Interpretation(knowledge)
        self.file = file
        self._flattener = Flattener(knowledge.compiled.codes)
        self._outcomes: Outcomes = {}
        self._observations: dict[Hashable, Outcome | Outcomes] = {}
        self._count = 0
        self._days: dict[str, tuple[str, bool]] = {}

    def forget(self) -> None:
        """Make room, numbers of names included."""
        if self._count + len(self._observations) + len(self._days) > _MOST or self.interpretation.is_large(_MOST):
            self._outcomes.clear()
            self._observations.clear()
            self._count = 0
            self._days.clear()
            self.interpretation.start_anew()

    def understood(self, resource: Resource, origin: str) -> list[Understood]:
        """The outcome of each entry. `origin` consists of letters, digits, ``-``, ``.`` and ``/``."""
        if isinstance(resource, Observation):
            return self._observation(resource, origin)
        if isinstance(resource, Condition):
            return self._condition(resource, origin)
        return self._act(resource, origin)

    def each(self, entries: list[CodedEntry]) -> Iterator[Understood]:
        """Entries as they are, without looking them up."""
        for entry in entries:
            part = entry.origin.partition("#")
            yield part[1] + part[2], self.interpretation.outcome(entry, self.file), days_of(entry)

    def _observation(self, resource: Observation, origin: str) -> list[Understood]:
        if resource.component:
            return self._panel(resource, origin)
        short = resource.code, resource.status
        known = self._observations.get(short)
        if known is None:
            known = self._observations[short] = self._without_meaning(resource, origin) or {}
        if isinstance(known, Outcome):
            return [("", known, _NO_DAYS)]
        if resource.modifier_extension:
            return list(self.each(self._flattener.entries(resource, origin)))
        recorded, wrong = self._observed(resource)
        key = (
            resource.value_codeable_concept, resource.value_boolean, resource.value_quantity, resource.value_integer,
            resource.value_string is None, resource.data_absent_reason is None, bool(resource.focus),
            resource.implicit_rules, resource.body_site, wrong, not recorded,
        )  # fmt: skip
        return [self._known(known, key, resource, origin, (recorded, "", "", ""))]

    def _without_meaning(self, resource: Observation, origin: str) -> Outcome | None:
        """The outcome of all observations with this code and status, if no table has the code."""
        entries = self._flattener.entries(resource, origin)
        return None if entries[0].valued else self.interpretation.lasting(entries[0], self.file)

    def _panel(self, resource: Observation, origin: str) -> list[Understood]:
        """Of components that say nothing, neither value nor day is looked at."""
        keys: list[Hashable] = [(*_looked_at(each), resource.status, resource.body_site) for each in resource.component]
        if resource.code is not None and not how_many_values(resource):
            found = [self._outcomes.get(key) for key in keys]
            if None not in found:
                return [
                    (f"#component{number}", outcome, _NO_DAYS)
                    for number, outcome in enumerate(found, start=1)
                    if outcome is not None
                ]
        entries = self._flattener.entries(resource, origin)
        understood = list(self.each(entries))
        for key, (_, outcome, _) in zip(keys[::-1], understood[::-1], strict=False):
            if self.interpretation.fate(outcome) in _WITHOUT_MEANING:
                self._count += 1
                self._outcomes[key] = outcome
        return understood

    def _condition(self, resource: Condition, origin: str) -> list[Understood]:
        recorded, wrong = self._day(resource.recorded_date, None)
        began, wrong_onset = self._day(resource.onset_date_time, resource.onset_period)
        ended, wrong_end = self._day(resource.abatement_date_time, resource.abatement_period)
        key: Hashable = (
            resource.code, resource.verification_status, resource.clinical_status, resource.body_site,
            bool(resource.modifier_extension), resource.implicit_rules, has_abated(resource),
            wrong or wrong_onset or wrong_end, not recorded, not began, not ended,
        )  # fmt: skip
        return [self._known(self._outcomes, key, resource, origin, (recorded, began, ended, ""))]

    def _act(self, resource: Procedure | FhirList, origin: str) -> list[Understood]:
        """A procedure or a list."""
        site = None
        if isinstance(resource, Procedure):
            recorded, wrong = self._day(resource.performed_date_time, resource.performed_period)
            site = resource.body_site
        else:
            recorded, wrong = self._day(resource.date, None)
        key: Hashable = (
            resource.resource_type, resource.code, resource.status, site,
            bool(resource.modifier_extension), resource.implicit_rules, wrong, not recorded,
        )  # fmt: skip
        return [self._known(self._outcomes, key, resource, origin, (recorded, "", "", ""))]

    def _known(self, outcomes: Outcomes, key: Hashable, resource: Resource, origin: str, days: Days) -> Understood:
        """Looked up, else by itself, and remembered if it lasts."""
        outcome = outcomes.get(key)
        if outcome is not None:
            return "", outcome, days
        (entry,) = self._flattener.entries(resource, origin)
        if key not in outcomes:
            self._count += 1
            outcome = outcomes[key] = self.interpretation.lasting(entry, self.file)
        return "", outcome or self.interpretation.outcome(entry, self.file), days_of(entry)

    def _observed(self, resource: Observation) -> tuple[str, bool]:
        text = resource.effective_date_time
        return self._day(text, None) if text else observed_day(resource)

    def _day(self, text: str, period: Period | None) -> tuple[str, bool]:
        if not text:
            return day(text, period)
        found = self._days.get(text)
        if found is None:
            found = self._days[text] = day(text, None)
        return found


def _looked_at(component: Component) -> tuple[Hashable, ...]:
    """What of a component without meaning is looked at: whether its names and codes can be shown."""
    quantity = component.value_quantity
    unit = None if quantity is None else (quantity.unit, quantity.system, quantity.code)
    return component.code, component.value_codeable_concept, unit
