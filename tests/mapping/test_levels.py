"""Vertebral levels in another ontology: which rows count, what the bridge says, and the question through them."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.cli.support import HEADER
from tests.cli.support import called as vhkg
from tests.mapping.support import INVENTED, edge, ontology
from tests.support import shipped
from vhkg.errors import InputError, KnowledgeError
from vhkg.mapping import Bridge, build, read_hierarchy
from vhkg.mapping.levels import read_levels
from vhkg.namespaces import OBO, SNOMED_IDS, Owl, Rdfs, Skos, Vhkg

LEVELS = read_levels(shipped().files.ontology, shipped().compiled.codes)
T9 = OBO + "UBERON_0004633"
THORACIC = OBO + "UBERON_0002347"
TRUE = ox.Literal("true")


def linked(folder: Path, *triples: tuple[str, str, str | ox.Literal]) -> Bridge:
    path = folder / "sites.nt"
    path.write_bytes(ontology(*triples))
    return build(shipped(), [read_hierarchy(str(path))])


def named(made: Bridge) -> dict[str, str]:
    return {
        t.subject.value: t.object.value
        for t in made.triples
        if t.predicate.value == Vhkg.levelName
        and isinstance(t.subject, ox.NamedNode)
        and isinstance(t.object, ox.Literal)
    }


def test_each_terminology_has_each_level_once_and_parts_are_none() -> None:
    spine = [f"C{n}" for n in range(1, 8)] + [f"T{n}" for n in range(1, 13)] + [f"L{n}" for n in range(1, 6)] + ["S1"]
    for prefix in ("UBERON", "SNOMEDCT"):
        found = Counter(each.level for each in LEVELS if each.curie.startswith(prefix + ":"))
        assert found == Counter(spine), prefix
    assert "SNOMEDCT:33766003" not in {each.curie for each in LEVELS}, "the body of T9 is not T9"
    for site in LEVELS:
        assert (
            f"{site.curie}\t{site.label}\t{site.level}\twhole"
            in (shipped().files.ontology[site.file].decode().split("\n")[site.line - 1])
        )


def test_the_spellings_are_those_of_the_table_of_systems() -> None:
    by = {each.curie: each.iris for each in LEVELS}
    assert by["UBERON:0004633"] == (T9,)
    assert by["SNOMEDCT:82687006"] == (SNOMED_IDS + "82687006",)


def test_a_level_goes_with_what_is_above_it_and_nothing_below(tmp_path: Path) -> None:
    made = linked(tmp_path, edge(T9, THORACIC), edge(OBO + "UBERON_1", T9))
    assert named(made) == {T9: "T9"}
    assert (made.levels, made.ancestors, made.rows, made.terms) == (1, 1, 0, 0)
    notations = [t.object for t in made.triples if t.predicate.value == Skos.notation]
    assert sorted(map(str, notations)) == ['"UBERON:0002347"', '"UBERON:0004633"']
    assert set(made.missing) == {e.curie for e in LEVELS if e.curie.startswith("UBERON:")} - {"UBERON:0004633"}


def test_a_label_that_differs_is_said(tmp_path: Path) -> None:
    made = linked(tmp_path, edge(T9, THORACIC), (T9, Rdfs.label, ox.Literal("ninth")))
    assert [(each.curie, each.ours, each.theirs) for each in made.differences] == [
        ("UBERON:0004633", "thoracic vertebra 9", "ninth")
    ]


def test_an_obsolete_level_is_refused_by_its_row(tmp_path: Path) -> None:
    replaced = (T9, OBO + "IAO_0100001", ox.Literal("UBERON:7"))
    with pytest.raises(KnowledgeError, match=r"UBERON:0004633 is obsolete in .*, replaced by UBERON:7") as caught:
        linked(tmp_path, edge(OBO + "UBERON_0004617", THORACIC), (T9, Owl.deprecated, TRUE), replaced)
    assert caught.value.file == "mappings/sites.tsv"


def test_regions_alone_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no site of a lesion"):
        linked(tmp_path, edge(THORACIC, OBO + "UBERON_0002412"))


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
def test_lesions_by_a_region_of_another_ontology(tmp_path: Path, engine: str) -> None:
    facts = tmp_path / "facts.csv"
    facts.write_text(
        HEADER
        + "a,T9,BackPain,present,2026-11-02\n"
        + "a,L1,BackPain,absent,2026-11-02\n"
        + "b,upper,BackPain,present,2026-11-02\n",
        encoding="utf-8",
    )
    run = vhkg(
        "query", "patients-by-linked-level", "--data", str(facts), "--link", str(INVENTED),
        "--input", "class=UBERON:0002347", "--engine", engine, "--format", "csv",
    )  # fmt: skip
    assert run.code == 0
    assert "levels of lesions: 2" in run.err
    rows = list(csv.DictReader(io.StringIO(run.out)))
    assert [(row["presentation"], row["status"], row["because"], row["ask"]) for row in rows] == [
        ("L1", "undetermined", "presentation L1", ""),
        ("T9", "present", "presentation T9", ""),
        ("upper", "undetermined", "", "at which level is the lesion?"),
    ]
    assert rows[1]["answer"] == "present: thoracic vertebra 9"
    assert "T9 is UBERON:0004633" in rows[1]["condition"]


def test_a_coded_body_site_of_a_bundle_is_found_through_the_hierarchy(tmp_path: Path) -> None:
    bundle = tmp_path / "patient.json"
    bundle.write_text(
        """{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Condition",
        "id": "c", "subject": {"reference": "Patient/p"}, "recordedDate": "2026-11-02",
        "clinicalStatus": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code":
        "active"}]}, "verificationStatus": {"coding": [{"system":
        "http://terminology.hl7.org/CodeSystem/condition-ver-status", "code": "confirmed"}]},
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "D18.09"}]},
        "bodySite": [{"coding": [{"system": "http://snomed.info/sct", "code": "33766003"}]}]}}]}""",
        encoding="utf-8",
    )
    run = vhkg(
        "query", "patients-by-linked-level", "--data", str(bundle), "--link", str(INVENTED),
        "--input", "class=UBERON:0002347", "--format", "csv",
    )  # fmt: skip
    (row,) = csv.DictReader(io.StringIO(run.out))
    assert (row["patient"], row["presentation"], row["status"]) == ("p", "T9", "present")
