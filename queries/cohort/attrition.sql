-- question: 36. How many patients and how many presentations were read, refused, contradictory, outside the article, undetermined, decided?
-- users: P
-- inputs: none
-- columns: item item_label patients presentations
-- kind: cohort
-- note: a patient of a file counts once, under the last outcome, in the order of the rows, that any of the presentations
-- reached: a patient leaves only when no presentation goes on. refused counts patients that a refusal names and of whom
-- nothing was read; of how many presentations is not known. A record in which no lesion is named has one presentation.

WITH counted AS (
  SELECT 'read' AS item, coalesce(sum(patients), 0)::BIGINT AS patients, coalesce(sum(presentations), 0)::BIGINT AS presentations
  FROM reached
  UNION ALL
  SELECT 'refused', count(*), NULL
  FROM (
    SELECT DISTINCT file, patient
    FROM refused ANTI JOIN patients USING (file, patient)
    WHERE patient <> ''
  )
  UNION ALL
  SELECT outcome, patients, presentations
  FROM reached
)
SELECT item, item_label, coalesce(patients, 0) AS patients,
  CASE WHEN item <> 'refused' THEN coalesce(presentations, 0) END AS presentations
FROM (VALUES
  (1, 'read', 'could be read'),
  (2, 'refused', 'could not be read'),
  (3, 'invalid', 'does not conform to the patient shapes'),
  (4, 'contradictory', 'facts conflict, and the rest decides nothing'),
  (5, 'outside', 'the article does not apply, or is silent'),
  (6, 'undetermined', 'no treatment can be read yet'),
  (7, 'decided', 'a treatment can be read')
) AS rows(place, item, item_label) LEFT JOIN counted USING (item)
ORDER BY place
