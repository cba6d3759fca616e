"""What questions about all patients together count, as tables: from the rows, or as a run counted while it decided.

- `statuses`: `recommendation`, `direction`, `order`, `status`; `presentations` that have it, `rest_on_reading` of them
- `ages`: `age` in days of the oldest fact behind settled answers, null where one has no day; `answers`, and those of
  them `in_force`
- `lacking`: `name` of a finding; `presentations`, `decides`, `opens`, `answers` as in `vhkg.model.cohort.Asked`
- `reached`: `outcome`; `patients` for whom it is the last that any presentation reached, in the order of
  `vhkg.model.cohort.OUTCOMES`, and `presentations` that have it
- `faults`: `severity` and `message` of validation results; `patients`, `results`
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vhkg.cohort.tallies import Tallies
from vhkg.model.cohort import OUTCOMES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_STATUSES = """
SELECT recommendation, direction, "order", status, count(*) AS presentations,
  count(*) FILTER (NOT holdsUnderEveryReading) AS rest_on_reading
FROM answers
WHERE recommendation <> ''
GROUP BY ALL
"""

_AGES = """
SELECT date_diff('day', decisiveSince, "asOf") AS age, count(*) AS answers,
  count(*) FILTER (status <> 'does-not-apply') AS in_force
FROM answers
WHERE status IN ('applies', 'advised-against', 'does-not-apply') AND because <> ''
GROUP BY age
"""

# The sets of findings are the same for many presentations: each different text is taken apart once, and becomes bits.
_LACKING = """
WITH texts AS (
  SELECT confirm, refute, notAddressed <> '' AS capped, any_value(questions) AS questions, count(*) AS answers
  FROM answers
  WHERE status IN ('provisional', 'undetermined') AND questions <> ''
  GROUP BY ALL
),
none AS (
  SELECT bitstring('0', 1 + coalesce(max(place), 0)::INTEGER) AS bits FROM findings
),
depends AS (
  SELECT questions, bit_or(set_bit(bits, place, 1)) AS asked
  FROM (SELECT DISTINCT questions, unnest(string_split(questions, ' ')) AS name FROM texts)
    JOIN findings USING (name), none
  GROUP BY questions
),
sets AS (
  SELECT confirm, refute, capped, answers, true AS confirms, unnest(string_split(confirm, ' | ')) AS facts
  FROM texts
  WHERE NOT capped
  UNION ALL
  SELECT confirm, refute, capped, answers, false, unnest(string_split(refute, ' | '))
  FROM texts
),
alone AS (
  SELECT confirm, refute, capped, place, any_value(answers) AS answers, bool_or(confirms) AS confirms
  FROM sets JOIN findings ON name = split_part(facts, '=', 1)
  WHERE NOT contains(facts, ' & ')
  GROUP BY confirm, refute, capped, place
),
told AS (
  SELECT confirm, refute, capped, any_value(asked) AS asked,
    coalesce(bit_or(set_bit(bits, place, 1)), any_value(bits)) AS settled,
    coalesce(bit_or(set_bit(bits, place, 1)) FILTER (confirms), any_value(bits)) AS confirmed
  FROM texts JOIN depends USING (questions) LEFT JOIN alone USING (confirm, refute, capped), none
  GROUP BY confirm, refute, capped
),
lesions AS (
  SELECT bit_or(asked) AS asked, bit_or(settled) AS settled,
    bit_or(CASE WHEN verdict = 'undecided' AND kind = 'treatment' AND direction = 'for' THEN confirmed ELSE bits END) AS opened
  FROM answers JOIN told
    ON answers.confirm = told.confirm AND answers.refute = told.refute AND (notAddressed <> '') = capped
    LEFT JOIN recommendations ON name = recommendation, none
  WHERE status IN ('provisional', 'undetermined')
  GROUP BY file, patient, presentation
),
profiles AS (
  SELECT asked, settled, opened, count(*) AS lesions FROM lesions GROUP BY asked, settled, opened
)
SELECT name, sum(lesions)::BIGINT AS presentations,
  coalesce(sum(lesions) FILTER (get_bit(settled, place) = 1), 0)::BIGINT AS decides,
  coalesce(sum(lesions) FILTER (get_bit(opened, place) = 1), 0)::BIGINT AS opens,
  coalesce((SELECT sum(alone.answers) FROM alone WHERE alone.place = findings.place), 0)::BIGINT AS answers
FROM profiles JOIN findings ON get_bit(asked, place) = 1
GROUP BY name, place
"""  # noqa: E501

_REACHED = f"""
WITH outcomes AS (
  SELECT unnest({list(OUTCOMES)}) AS outcome, generate_subscripts({list(OUTCOMES)}, 1) AS place
),
furthest AS (
  SELECT max(place) AS place FROM patients JOIN outcomes USING (outcome) GROUP BY file, patient
)
SELECT outcome, (SELECT count(*) FROM furthest WHERE furthest.place = outcomes.place) AS patients,
  (SELECT count(*) FROM patients WHERE patients.outcome = outcomes.outcome) AS presentations
FROM outcomes
"""

_FAULTS = """
SELECT severity, message, count(DISTINCT (file, patient)) AS patients, count(*) AS results
FROM validation
GROUP BY severity, message
"""


_TABLES = {
    "statuses": (
        _STATUSES,
        'recommendation VARCHAR, direction VARCHAR, "order" INTEGER, status VARCHAR, presentations BIGINT,'
        " rest_on_reading BIGINT",
    ),
    "ages": (_AGES, "age BIGINT, answers BIGINT, in_force BIGINT"),
    "lacking": (_LACKING, "name VARCHAR, presentations BIGINT, decides BIGINT, opens BIGINT, answers BIGINT"),
    "reached": (_REACHED, "outcome VARCHAR, patients BIGINT, presentations BIGINT"),
    "faults": (_FAULTS, "severity VARCHAR, message VARCHAR, patients BIGINT, results BIGINT"),
}
"""Each as it is counted from the tables of a run, and with its columns as it is made from tallies."""


def count_rows(connection: DuckDBPyConnection) -> None:
    """Declare the tables as what those of the run say. These, `findings` and `recommendations` are there."""
    for name, (text, _) in _TABLES.items():
        connection.execute(f"CREATE VIEW {name} AS {text}")


def fill(connection: DuckDBPyConnection, counted: Tallies) -> None:
    """Make the tables of what was counted."""
    for name, (_, columns) in _TABLES.items():
        connection.execute(f"CREATE TABLE {name} ({columns})")
        rows = getattr(counted, name)
        if rows:
            cells = list(map(list, zip(*rows, strict=True)))
            connection.execute(f"INSERT INTO {name} SELECT {', '.join(['unnest(?)'] * len(cells))}", cells)
