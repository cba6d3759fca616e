"""What several tests of the algorithm share: three knowledges, and walks over a picture."""

from __future__ import annotations

import functools
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.support import ROOT, shipped
from vhkg.answering.knowledge import Knowledge
from vhkg.model.algorithm import Algorithm, Box, Condition, Door, Gate, Literal, Room, Stretch, Way

FOLDERS = {
    "article": "",
    "kettle": str(ROOT / "docs" / "examples" / "kettle"),
    "clocks": str(ROOT / "tests" / "data" / "articles" / "tide-clocks"),
}


@functools.cache
def knowledge(name: str) -> Knowledge:
    return Knowledge.load(FOLDERS[name]) if FOLDERS[name] else shipped()


def grown_kettle(folder: Path) -> Knowledge:
    """The kettle with more advice: arms that fork again, gates with something beside them, long words and markup."""
    kettle = Path(shutil.copytree(FOLDERS["kettle"], folder / "kettle"))
    prefixes = re.findall(r"^@prefix.*", (kettle / "findings.ttl").read_text(encoding="utf-8"), re.MULTILINE)
    (kettle / "findings.ttl").open("a", encoding="utf-8").write(
        "".join(_FINDING.format(name=name, label=label, order=order) for order, (name, label) in enumerate(_NEW, 3))
    )
    advice = (_ADVICE.format(*each, order=order) for order, each in enumerate(_GROWN, 1))
    (kettle / "recommendations.ttl").write_text("\n".join((*prefixes, *advice, _ROOM)), encoding="utf-8")
    return Knowledge.load(str(kettle))


_NEW = (("Leak", "a leak"), ("Hot", "a hot <b>handle</b>"), ("Noise", "an-extraordinarily-long-whistle&humming"))
_FINDING = """
:{name} a owl:Class ; rdfs:subClassOf vhkg:Finding ; rdfs:label "{label}"@en ; vhkg:plainLabel "{label}"@en ;
    obo:IAO_0000115 "The kettle has this: {label}."@en ; vhkg:displayGroup "kettle"@en ; vhkg:order {order} ;
    vhkg:question "Is there {label}?"@en ; prov:wasDerivedFrom :K02 .
"""
_SOME = "[ a owl:Restriction ; owl:onProperty vhkg:hasFinding ; owl:someValuesFrom :%s ]"
_NOT = "[ a owl:Class ; owl:complementOf %s ]"


def _when(**findings: bool) -> str:
    parts = (_SOME % name if present else _NOT % (_SOME % name) for name, present in findings.items())
    return " ".join((":Furred", *parts))


_GROWN = (
    ("PatchFirst", "a patch", "treatment", "first choice", "true", _when(SlowBoiling=True, Leak=True)),
    ("WaitFirst", "waiting, patiently and Incomprehensibilities-notwithstanding", "treatment", "first choice", "true",
     _when(SlowBoiling=False, Noise=True)),
    ("TapOnce", "tapping it once", "option", "besides", "false", _when(SlowBoiling=False)),
    ("ScrubAlso", "scrubbing", "option", "besides", "false", _when(SlowBoiling=False, Noise=True, Hot=True)),
    ("VinegarFirst", "vinegar", "treatment", "first choice", "true",
     _when(SlowBoiling=True, Leak=False, Hot=True)),
)  # fmt: skip
_ADVICE = """
:{0}Case a owl:Class ; rdfs:subClassOf vhkg:Presentation ; rdfs:label "{1}"@en ;
    owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( {5} ) ] .
:{0} a owl:NamedIndividual , vhkg:Recommendation ;
    rdfs:label "{1}"@en ; vhkg:recommendationKind "{2}" ; vhkg:order {order} ;
    vhkg:line "{3}"@en ; vhkg:lineIn :K04 ; vhkg:isFirstLine {4} ; vhkg:recommends :Vinegar ;
    vhkg:appliesTo :{0}Case ; vhkg:conditionIn :K03 ; vhkg:actionIn :K05 ;
    vhkg:strength "not stated by the source"@en ; vhkg:certainty "not stated by the source"@en .
"""
_ROOM = f"""
:HotAndDryCase a owl:Class ; rdfs:subClassOf vhkg:Presentation ; rdfs:label "hot and dry"@en ;
    owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( {_when(SlowBoiling=False, Hot=True)} ) ] .
:HotAndDry a owl:NamedIndividual , vhkg:Silence ; rdfs:label "a hot and dry kettle"@en ;
    vhkg:question "What of a hot and dry kettle?"@en ; vhkg:order 1 ; vhkg:nearestStatement :K03 ;
    vhkg:raisedBy :HotAndDryCase ; vhkg:gap true .
"""


class Placed(NamedTuple):
    """A door or room with all that stands before it: conditions, and the names of gates and arms."""

    what: Door | Room
    before: tuple[Condition, ...]
    gates: tuple[Gate, ...]
    arms: tuple[str, ...]


def placed(algorithm: Algorithm) -> Iterator[Placed]:
    yield from _placed(algorithm.way, (), (), ())
    for room in algorithm.factors:
        yield Placed(room, (), (), ())


def _placed(
    way: Way, before: tuple[Condition, ...], gates: tuple[Gate, ...], arms: tuple[str, ...]
) -> Iterator[Placed]:
    held = [gate for gate in way.gates if gate.holding]
    within = (*before, *(gate.condition for gate in held))
    behind = (*gates, *held)
    if way.fork is not None:
        for arm, literal in zip(way.arms(), (way.fork.literal.turned(), way.fork.literal), strict=True):
            yield from _placed(arm, (*within, Condition((literal,))), behind, (*arms, arm.name))
    yield from (Placed(what, within, behind, arms) for what in _what(way.within))
    yield from (Placed(what, before, gates, arms) for what in _what(way.beside))


def _what(stretch: Stretch) -> Iterator[Door | Room]:
    yield from stretch.doors()
    yield from stretch.rooms


def terms(conditions: tuple[Condition, ...]) -> set[frozenset[tuple[str, bool]]]:
    """What conditions ask together, as a disjunction of sets of findings with present or absent."""
    found: set[frozenset[tuple[str, bool]]] = {frozenset()}
    for condition in conditions:
        fixed = {_signed(each) for each in condition.literals}
        choices = [frozenset(map(_signed, term)) for term in condition.alternatives] or [frozenset()]
        found = {term | fixed | choice for term in found for choice in choices}
    return found


def _signed(literal: Literal) -> tuple[str, bool]:
    return literal.finding, literal.present


def boxes(algorithm: Algorithm) -> list[Box]:
    return list(algorithm.way.boxes())
