"""The four answers of the design, as values."""

from __future__ import annotations

import datetime

from tests.rendering.samples import Given, answer, effect, question
from vhkg.model.answer import Answer, Combination, Status, Verdict

APPLIES, PROVISIONAL, UNDETERMINED = Status.APPLIES, Status.PROVISIONAL, Status.UNDETERMINED
REFUTED, AGAINST = Status.DOES_NOT_APPLY, Status.ADVISED_AGAINST
NO_CHANGE = effect()


def nov(day: int) -> datetime.date:
    return datetime.date(2026, 11, day)


def pain_without_deficit() -> Answer:
    base = ("VertebralHemangioma", "-NeurologicalDeficit", "BackPain")
    return answer(
        "a",
        "T9",
        file="a.csv",
        verdict=Verdict.PROVISIONAL,
        headline="First line in the article: percutaneous vertebroplasty - if the patient is a candidate for it.",
        described_as="painful vertebral hemangioma, no neurological deficit",
        facts={
            "VertebralHemangioma": nov(2),
            "BackPain": nov(2),
            "-NeurologicalDeficit": nov(2),
            "-ExtraosseousExtension": datetime.date(2026, 10, 28),
        },
        given={
            "PercutaneousVertebroplastyFirstLine": Given(
                status=PROVISIONAL, because=base, needs=("VertebroplastyCandidacy",)
            ),
            "TransarterialEmbolizationAlone": Given(
                status=APPLIES,
                because=(*base, "-ExtraosseousExtension"),
                reading=("IntraosseousReading", "IntraosseousDescribesEvidence", UNDETERMINED),
            ),
            "RadiationForNonCandidates": Given(status=UNDETERMINED, needs=("-VertebroplastyCandidacy",)),
            "DiagnosticMRI": Given(status=APPLIES, because=("VertebralHemangioma",)),
            "AngiographyBeforeEmbolization": Given(status=APPLIES, because=base),
            "RegularFollowUpImaging": Given(status=UNDETERMINED, needs=("Treatment",)),
        },
        ask=(
            question(
                "VertebroplastyCandidacy",
                effect(
                    ("PercutaneousVertebroplastyFirstLine", PROVISIONAL, APPLIES),
                    ("RadiationForNonCandidates", UNDETERMINED, REFUTED),
                ),
                effect(
                    ("PercutaneousVertebroplastyFirstLine", PROVISIONAL, REFUTED),
                    ("RadiationForNonCandidates", UNDETERMINED, APPLIES),
                ),
            ),
            question(
                "SymptomsDueToAnotherCause",
                effect(("TransarterialEmbolizationAlone", APPLIES, PROVISIONAL)),
                NO_CHANGE,
            ),
        ),
        silent=("CandidacyUndefined", "ConservativeTreatment"),
        notices=("UrgentSigns",),
        refused_because=("-NeurologicalDeficit",),
        combinations=(
            Combination(
                recommendations=("TransarterialEmbolizationAlone", "RadiationForNonCandidates"),
                relation="order not stated",
            ),
        ),
    )


def deficit_with_extension() -> Answer:
    base = ("VertebralHemangioma", "NeurologicalDeficit")
    extended = (*base, "ExtraosseousExtension")
    return answer(
        "b",
        "T7",
        file="b.ttl",
        verdict=Verdict.FIRST_LINE,
        headline="First line in the article: surgical decompression with preoperative embolization. For the "
        "extraosseous extension it names two further plans, and gives no order among the three.",
        described_as="vertebral hemangioma WITH neurological deficit",
        facts={
            "VertebralHemangioma": nov(20),
            "NeurologicalDeficit": nov(20),
            "SpinalCordCompression": nov(19),
            "ExtraosseousExtension": nov(19),
        },
        given={
            "DecompressionWithPreoperativeEmbolization": Given(status=APPLIES, because=base),
            "EmbolizationThenLaminectomy": Given(status=UNDETERMINED, needs=("-SpinalInstability",)),
            "LaminectomyWithOrWithoutEmbolization": Given(
                status=UNDETERMINED, needs=("-SpinalInstability", "SpinalStenosis")
            ),
            "VertebrectomyWithEmbolizationAndReconstruction": Given(status=APPLIES, because=extended),
            "SubtotalResectionWithAdjuvantRadiation": Given(status=APPLIES, because=extended),
            "DecompressionWithScrewStabilization": Given(status=UNDETERMINED, needs=("VertebralCompressionFracture",)),
            "ResectionWithVertebroplasty": Given(status=APPLIES, because=base),
            "IntraoperativeVertebroplasty": Given(status=APPLIES, because=base),
            "RadiationForResidualTumor": Given(status=UNDETERMINED, needs=("ResidualTumor", "SubtotalResection")),
            "AvoidEnBlocResection": Given(status=AGAINST, because=base),
        },
        ask=(
            question(
                "SpinalInstability",
                effect(
                    ("EmbolizationThenLaminectomy", UNDETERMINED, REFUTED),
                    ("LaminectomyWithOrWithoutEmbolization", UNDETERMINED, REFUTED),
                ),
                effect(("EmbolizationThenLaminectomy", UNDETERMINED, APPLIES), then=("SpinalStenosis",)),
            ),
            question(
                "VertebralCompressionFracture",
                effect(("DecompressionWithScrewStabilization", UNDETERMINED, APPLIES)),
                NO_CHANGE,
            ),
            question("SpinalStenosis", NO_CHANGE, NO_CHANGE, recorded="unknown"),
            question(
                "SymptomsDueToAnotherCause",
                effect(("DecompressionWithPreoperativeEmbolization", APPLIES, PROVISIONAL)),
                NO_CHANGE,
            ),
        ),
        silent=("Urgency", "OrderAmongPlans", "ExtentOfResection"),
        notices=("NoTriage", "UrgentSigns"),
        refused_because=("NeurologicalDeficit",),
        unknown=("SpinalStenosis",),
    )


def pain_deficit_not_recorded() -> Answer:
    open_ = {
        name: Given(status=UNDETERMINED, needs=needs)
        for name, needs in {
            "PercutaneousVertebroplastyFirstLine": ("-NeurologicalDeficit", "VertebroplastyCandidacy"),
            "TransarterialEmbolizationAlone": ("-NeurologicalDeficit", "-ExtraosseousExtension"),
            "RadiationForNonCandidates": ("-NeurologicalDeficit", "-VertebroplastyCandidacy"),
            "DecompressionWithPreoperativeEmbolization": ("NeurologicalDeficit",),
            "VertebrectomyWithEmbolizationAndReconstruction": ("NeurologicalDeficit", "ExtraosseousExtension"),
            "AvoidEnBlocResection": ("NeurologicalDeficit",),
        }.items()
    }
    return answer(
        "c",
        "L2",
        file="c.json",
        verdict=Verdict.UNDECIDED,
        headline="No treatment can be read from the article yet: it depends first on the neurological status. "
        "Not recorded does not mean no deficit.",
        described_as="painful vertebral hemangioma, neurological deficit NOT RECORDED",
        facts={"VertebralHemangioma": nov(5), "BackPain": nov(5)},
        given={**open_, "DiagnosticMRI": Given(status=APPLIES, because=("VertebralHemangioma",))},
        ask=(
            question(
                "NeurologicalDeficit",
                effect(
                    ("DecompressionWithPreoperativeEmbolization", UNDETERMINED, APPLIES),
                    ("AvoidEnBlocResection", UNDETERMINED, AGAINST),
                    ("PercutaneousVertebroplastyFirstLine", UNDETERMINED, REFUTED),
                    ("TransarterialEmbolizationAlone", UNDETERMINED, REFUTED),
                    then=("ExtraosseousExtension", "SpinalInstability"),
                ),
                effect(
                    ("PercutaneousVertebroplastyFirstLine", UNDETERMINED, PROVISIONAL),
                    ("DecompressionWithPreoperativeEmbolization", UNDETERMINED, REFUTED),
                    ("AvoidEnBlocResection", UNDETERMINED, REFUTED),
                    then=("VertebroplastyCandidacy",),
                ),
            ),
            question("SymptomsDueToAnotherCause", effect(("DiagnosticMRI", APPLIES, PROVISIONAL)), NO_CHANGE),
        ),
        silent=("CauseOfSymptoms",),
        notices=("NoTriage", "UrgentSigns"),
    )


def deficit_in_pregnancy() -> Answer:
    base = ("VertebralHemangioma", "NeurologicalDeficit")
    held = Given(status=PROVISIONAL, base=APPLIES, because=base, capped_by=("Pregnancy",))
    return answer(
        "d",
        "T3",
        file="d.csv",
        verdict=Verdict.OUTSIDE,
        headline="Outside the article: it does not mention pregnancy. No treatment is marked as applying. What it "
        "says for a deficit, without regard to pregnancy, is listed so that it can be checked.",
        described_as="vertebral hemangioma WITH neurological deficit, PREGNANCY RECORDED",
        facts={"VertebralHemangioma": nov(18), "NeurologicalDeficit": nov(18), "Pregnancy": nov(18)},
        given={
            "DecompressionWithPreoperativeEmbolization": held,
            "ResectionWithVertebroplasty": held,
            "IntraoperativeVertebroplasty": held,
            "VertebrectomyWithEmbolizationAndReconstruction": Given(
                status=UNDETERMINED, needs=("ExtraosseousExtension",), capped_by=("Pregnancy",)
            ),
            "AvoidEnBlocResection": Given(status=AGAINST, because=base),
        },
        ask=(
            question(
                "ExtraosseousExtension",
                effect(("VertebrectomyWithEmbolizationAndReconstruction", UNDETERMINED, PROVISIONAL)),
                effect(("VertebrectomyWithEmbolizationAndReconstruction", UNDETERMINED, REFUTED)),
            ),
        ),
        silent=("PregnancySilence", "Urgency"),
        notices=("NoTriage", "UrgentSigns"),
        refused_because=("NeurologicalDeficit",),
    )


FOUR = {
    "a": pain_without_deficit,
    "b": deficit_with_extension,
    "c": pain_deficit_not_recorded,
    "d": deficit_in_pregnancy,
}
