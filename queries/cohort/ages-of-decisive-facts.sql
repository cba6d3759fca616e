-- question: How old are the facts that settled answers rest on?
-- users: P
-- inputs: none
-- columns: days_from days_to answers in_force
-- kind: cohort
-- note: answers are settled ones, by the days between the oldest fact behind each and the day that it is about; in_force
-- are those of them that apply or are advised against. No days: the oldest class has no end, and facts without a day none.

WITH ends AS (
  SELECT unnest([7, 30, 90, 180, 365, 730]) AS days_to
  UNION
  SELECT stale_after_days FROM notices WHERE stale_after_days > 0
),
classes AS (
  SELECT coalesce(1 + lag(days_to) OVER (ORDER BY days_to), 0) AS days_from, days_to FROM ends
  UNION ALL
  SELECT 1 + max(days_to), NULL FROM ends
  UNION ALL
  SELECT NULL, NULL
)
SELECT days_from, days_to, coalesce(sum(answers), 0)::BIGINT AS answers, coalesce(sum(in_force), 0)::BIGINT AS in_force
FROM classes LEFT JOIN ages
  ON CASE WHEN days_from IS NULL THEN age IS NULL ELSE age >= days_from AND (days_to IS NULL OR age <= days_to) END
GROUP BY days_from, days_to
ORDER BY days_from NULLS LAST
