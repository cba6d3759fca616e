-- question: 39. Which answers rest on a decisive fact that is older than D days, or that comes from an unmapped or ambiguous code?
-- users: P
-- inputs: days = integer, default that of the notice on stale facts; status = text, default all; patient = text, default all
-- columns: file patient presentation as_of status because ask item item_label answer answer_kind line condition quote section start end statement citations source_standing readings flags
-- kind: cohort
-- lists: because ask citations source_standing readings flags
-- note: answer says which of it is true: the oldest decisive fact is older, one has no day, one comes from a code that means
-- more than one thing. A code that nothing maps gives no fact: see unmapped-codes. The oldest come first.

WITH concerned AS (
  SELECT *, date_diff('day', decisiveSince, "asOf") AS age
  FROM answers
  WHERE because <> '' AND ($status IS NULL OR status = $status) AND ($patient IS NULL OR patient = $patient)
),
told AS (
  SELECT *, concat_ws('; ',
    CASE WHEN age > coalesce($days, (SELECT min(stale_after_days) FROM notices WHERE stale_after_days > 0), 90)
      THEN 'a decisive fact is ' || age || ' days old' END,
    CASE WHEN age IS NULL THEN 'a decisive fact has no day' END,
    CASE WHEN ambiguousCode THEN 'a decisive fact comes from an ambiguous code' END) AS answer
  FROM concerned
)
SELECT told.file, told.patient, told.presentation, told."asOf" AS as_of, told.status,
  told.because, replace(told.questions, ' ', ' | ') AS ask,
  told.recommendation AS item, label AS item_label, answer, 'derived' AS answer_kind, line, condition,
  quote, section, "start", "end", told.statement, citations, source_standing,
  replace(told.readings, ' ', ' | ') AS readings, replace(told.flags, ' ', ' | ') AS flags
FROM told LEFT JOIN recommendations ON name = recommendation
WHERE answer <> ''
ORDER BY age DESC NULLS LAST, told.file, told.patient, told.presentation, told."order", item
