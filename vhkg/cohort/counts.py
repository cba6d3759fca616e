"""What questions about all answers together count, as tables: from the answers, or as a run counted while it decided.

- `statuses`: `recommendation`, `direction`, `order`, `status`; `presentations` that have it, `rest_on_reading` of them
- `ages`: `age` in days of the oldest fact behind settled answers, null where one has no day; `answers`, and those of
  them `in_force`
- `lacking`: `name` of a finding; `presentations`, `decides`, `opens`, `answers` as in `vhkg.model.cohort.Asked`
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vhkg.cohort.tallies import Tallies

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


def count_answers(connection: DuckDBPyConnection) -> None:
    """Declare the tables as what the answers say. `answers`, `findings` and `recommendations` are there."""
    for name, text in (("statuses", _STATUSES), ("ages", _AGES), ("lacking", _LACKING)):
        connection.execute(f"CREATE VIEW {name} AS {text}")


def fill(connection: DuckDBPyConnection, counted: Tallies) -> None:
    """Make the tables of what was counted."""
    connection.execute(
        'CREATE TABLE statuses (recommendation VARCHAR, direction VARCHAR, "order" INTEGER, status VARCHAR,'
        " presentations BIGINT, rest_on_reading BIGINT)"
    )
    connection.execute("CREATE TABLE ages (age BIGINT, answers BIGINT, in_force BIGINT)")
    connection.execute(
        "CREATE TABLE lacking (name VARCHAR, presentations BIGINT, decides BIGINT, opens BIGINT, answers BIGINT)"
    )
    for name, rows in (("statuses", counted.statuses), ("ages", counted.ages), ("lacking", counted.lacking)):
        if rows:
            connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)
