"""Facts of the warehouse, laid onto lesions.

As `vhkg.answering.placement` does for one patient: what the patient bears goes to every lesion, and so does what is not
present without a lesion; what is present of a lesion that is not named goes to the sole one.
"""

from __future__ import annotations

from sqlglot import exp

from vhkg.engines.chosen import ChosenTable
from vhkg.engines.sql.words import Words, case, cast, col, every, negated, number, some, table_values, text

FACTS, PRESENTATIONS = "facts", "presentations"
RECORDED = ("present", "absent", "unknown")


class Placement:
    """Queries for one table. `listed` and `facts` are as in `vhkg.engines.sql.situations.Situations`."""

    def __init__(self, table: ChosenTable, words: Words, *, listed: bool, facts: str) -> None:
        self._table, self._words, self._listed, self._facts = table, words, listed, facts

    def steps(self) -> dict[str, exp.Query]:
        """From the tables of the warehouse to ``placed``, by name; each uses those before it."""
        return {
            "finding": self.findings(),
            "recorded": self._recorded(),
            "lesion_named": self._named(),
            "lesion": self._lesions(),
            "placed": self._placed(),
        }

    def findings(self) -> exp.Query:
        """The findings with their numbers and bits."""
        rows = [
            (
                text(finding.name),
                exp.convert(finding.by_patient),
                number(place),
                *map(number, self._words.masks([place])),
            )
            for place, finding in enumerate(self._table.findings, 1)
        ]
        names = ["name", "by_patient", "number", *(f"b{word}" for word in range(self._words.count))]
        bits = [exp.alias_(cast(col(name), "bigint"), name, quoted=True) for name in names[3:]]
        return exp.select(*(col(name) for name in names[:3]), *bits).from_(table_values(rows, names))

    def _recorded(self) -> exp.Query:
        """Each fact with its finding's bit. A row that is not understood concerns every lesion of its patient."""
        status = col("status", "f")
        known = every(
            (
                exp.not_(exp.Is(this=col("name", "n"), expression=exp.Null())),
                exp.Coalesce(this=status.isin(*map(text, RECORDED)), expressions=[exp.false()]),
                exp.NEQ(this=_or_empty("patient", "f"), expression=text("")),
            )
        )
        return (
            exp.select(
                exp.alias_(_or_empty("patient", "f"), "patient", quoted=True),
                exp.alias_(_or_empty("presentation", "f"), "presentation", quoted=True),
                col("finding", "f"),
                col("number", "n"),
                *(col(f"b{word}", "n") for word in range(self._words.count)),
                exp.alias_(exp.Coalesce(this=status.copy(), expressions=[text("")]), "status", quoted=True),
                exp.alias_(cast(col("date", "f"), "date"), "date", quoted=True),
                exp.alias_(
                    some((exp.Coalesce(this=col("by_patient", "n"), expressions=[exp.false()]), negated(known))),
                    "by_patient",
                    quoted=True,
                ),
                exp.alias_(known.copy(), "recognised", quoted=True),
            )
            .from_(exp.alias_(exp.table_(self._facts), "f"))
            .join(exp.alias_(exp.table_("finding"), "n"), on=col("finding", "f").eq(col("name", "n")), join_type="left")
        )

    def _named(self) -> exp.Query:
        """Patients with their lesions; without a name where the record has none for a fact."""
        found = exp.select(col("patient"), col("presentation")).from_("recorded")
        if self._listed:
            named = exp.select(
                *(exp.alias_(_or_empty(name), name, quoted=True) for name in ("patient", "presentation"))
            ).from_(PRESENTATIONS)
            return exp.union(found, named, distinct=True)
        return found.distinct()

    def _lesions(self) -> exp.Query:
        """The named lesions of a patient; of one who has none, the unnamed one. `sole`: there is no other."""
        names = exp.Sum(this=case((col("presentation").neq(text("")), number(1)), default=number(0)))
        counted = exp.select(
            col("patient"),
            col("presentation"),
            exp.alias_(exp.Window(this=names, partition_by=[col("patient")]), "names", quoted=True),
        ).from_("lesion_named")
        return (
            exp.select(
                col("patient"),
                col("presentation"),
                exp.alias_(exp.LTE(this=col("names"), expression=number(1)), "sole", quoted=True),
            )
            .from_(counted.subquery("c"))
            .where(some((col("presentation").neq(text("")), col("names").eq(number(0)))))
        )

    def _placed(self) -> exp.Query:
        """Facts of a lesion stand at it; those of the patient at every lesion; what is present of a lesion that is not
        named at the only one. Each lesion has a row without a fact."""
        kept = ("finding", "number", *(f"b{word}" for word in range(self._words.count)), "status", "date")
        unnamed = col("presentation", "r").eq(text(""))
        own = (
            exp.select(
                col("patient", "r"), col("presentation", "r"), *(col(name, "r") for name in kept), _no_day(),
                col("recognised", "r"),
            )
            .from_(exp.alias_(exp.table_("recorded"), "r"))
            .where(exp.and_(exp.not_(unnamed), exp.not_(col("by_patient", "r"))))
        )  # fmt: skip
        shared = (
            exp.select(
                col("patient", "l"), col("presentation", "l"), *(col(name, "r") for name in kept), _no_day(),
                col("recognised", "r"),
            )
            .from_(exp.alias_(exp.table_("recorded"), "r"))
            .join(exp.alias_(exp.table_("lesion"), "l"), on=col("patient", "r").eq(col("patient", "l")))
            .where(
                some(
                    (
                        col("by_patient", "r"),
                        every((unnamed.copy(), some((col("status", "r").neq(text("present")), col("sole", "l"))))),
                    )
                )
            )
        )  # fmt: skip
        empty = exp.select(
            col("patient"),
            col("presentation"),
            *(exp.alias_(cast(exp.Null(), kind), name, quoted=True) for name, kind in _kinds(kept)),
            _no_day(),
            exp.alias_(exp.true(), "recognised", quoted=True),
        ).from_("lesion")
        return exp.union(exp.union(own, shared, distinct=False), empty, distinct=False)


def _kinds(names: tuple[str, ...]) -> list[tuple[str, str]]:
    kinds = {"finding": "text", "status": "text", "date": "date", "number": "int"}
    return [(name, kinds.get(name, "bigint")) for name in names]


def _no_day() -> exp.Expr:
    return exp.alias_(cast(exp.Null(), "date"), "asOf", quoted=True)


def _or_empty(name: str, table: str = "") -> exp.Expr:
    return exp.Coalesce(this=col(name, table), expressions=[text("")])
