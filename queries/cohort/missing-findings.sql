-- question: 37. Which missing finding, if recorded, would decide most of them?
-- users: P
-- inputs: none
-- columns: item item_label answer presentations decides opens answers
-- kind: cohort
-- note: presentations are those in which a recommendation that is not settled depends on the finding; decides are those in
-- which the finding alone, present or absent, could settle one; opens are those for which no treatment can be read yet, and
-- the finding alone could make one apply; answers counts the recommendations that it alone could settle. Where a recorded
-- factor is not addressed by the article, only what refutes settles. answer is how it is asked.

-- The sets of findings are the same for many presentations: each different text is taken apart once, and becomes bits.
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
SELECT name AS item, label AS item_label, question AS answer,
  sum(lesions)::BIGINT AS presentations,
  coalesce(sum(lesions) FILTER (get_bit(settled, place) = 1), 0)::BIGINT AS decides,
  coalesce(sum(lesions) FILTER (get_bit(opened, place) = 1), 0)::BIGINT AS opens,
  coalesce((SELECT sum(alone.answers) FROM alone WHERE alone.place = findings.place), 0)::BIGINT AS answers
FROM profiles JOIN findings ON get_bit(asked, place) = 1
GROUP BY name, label, question, place
ORDER BY opens DESC, answers DESC, place
