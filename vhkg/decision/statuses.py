"""From entailments to statuses: base status, scope caps, and the factors that are named.

`applies`: the facts entail condition ⊓ ¬exclusion. `does-not-apply`: they entail its complement. `provisional`:
they entail the condition only. `undetermined`: none of these. A recommendation against something has
`advised-against` in place of `applies`. A scope limit in force keeps whatever is for something at provisional.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeAlias

import msgspec

from vhkg.model.answer import Status
from vhkg.model.content import Recommendation, ScopeLimit

Holds: TypeAlias = Callable[[str], bool | None]


class StatusRule(msgspec.Struct, frozen=True):
    """What the status of one recommendation depends on: two goals of the table, and scope limits."""

    name: str
    condition: str
    against: bool
    limits: tuple[ScopeLimit, ...]

    def goals(self) -> tuple[str, ...]:
        """The goals that the capped status depends on, each once."""
        return tuple(dict.fromkeys((self.name, self.condition, *(limit.caps_within for limit in self.limits))))


class Assessed(NamedTuple):
    """`not_addressed` names the factors of the scope limits that are raised, in force or not."""

    base: Status
    status: Status
    not_addressed: tuple[str, ...] = ()


def status_rules(recommendations: Sequence[Recommendation], limits: Iterable[ScopeLimit]) -> tuple[StatusRule, ...]:
    """One rule for each recommendation, in their order; cautions have no scope limits."""
    limits = tuple(limits)
    return tuple(
        StatusRule(
            name=recommendation.name,
            condition=recommendation.condition,
            against=recommendation.direction == "against",
            limits=tuple(limit for limit in limits if not limit.limits or recommendation.name in limit.limits)
            if recommendation.direction == "for"
            else (),
        )
        for recommendation in recommendations
    )


def concerned(limits: Iterable[ScopeLimit], holds: Holds) -> tuple[ScopeLimit, ...]:
    """The scope limits that are raised or in force."""
    return tuple(limit for limit in limits if holds(limit.raised_by) is True or holds(limit.caps_within) is True)


def factors(limits: Sequence[ScopeLimit], holds: Holds) -> tuple[str, ...]:
    """The factors of the limits that are raised, each only if no narrower one is."""
    raised = [limit for limit in limits if holds(limit.raised_by) is True]
    return tuple(each.factor for each in raised if not any(each.factor in other.broader for other in raised))


def base_status(rule: StatusRule, holds: Holds) -> Status:
    """The status before scope limits."""
    goal = holds(rule.name)
    if goal is True:
        return Status.ADVISED_AGAINST if rule.against else Status.APPLIES
    if goal is False:
        return Status.DOES_NOT_APPLY
    return Status.PROVISIONAL if holds(rule.condition) is True else Status.UNDETERMINED


def assess(rule: StatusRule, holds: Holds, limits: Sequence[ScopeLimit]) -> Assessed:
    """The status as every channel carries it, given the limits that `concerned` found; a cap only weakens."""
    base = base_status(rule, holds)
    if base is Status.DOES_NOT_APPLY or not limits:
        return Assessed(base, base)
    mine = [limit for limit in limits if limit in rule.limits]
    named = factors(mine, holds)
    capped = base is Status.APPLIES and any(holds(limit.caps_within) is True for limit in mine)
    return Assessed(base, Status.PROVISIONAL if capped else base, named)
