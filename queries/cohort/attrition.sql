-- question: 36. How many patients and how many presentations were read, refused, contradictory, outside the article, undetermined, decided?
-- users: P
-- inputs: none
-- columns: item item_label patients presentations
-- kind: cohort
-- note: a patient of a file counts once, under the last outcome, in the order of the rows, that any of the presentations
-- reached: a patient leaves only when no presentation goes on. refused counts patients that a refusal names and of whom
-- nothing was read; of how many presentations is not known. A record in which no lesion is named has one presentation.

WITH reached AS (
  SELECT file, patient, max(list_position(['invalid', 'contradictory', 'outside', 'undetermined', 'decided'], outcome)) AS place
  FROM patients
  GROUP BY file, patient
),
counted AS (
  SELECT -1 AS place, count(*) AS patients, (SELECT count(*) FROM patients) AS presentations
  FROM reached
  UNION ALL
  SELECT 0, count(*), NULL
  FROM (
    SELECT DISTINCT file, patient
    FROM refused ANTI JOIN reached USING (file, patient)
    WHERE patient <> ''
  )
  UNION ALL
  SELECT place, (SELECT count(*) FROM reached WHERE reached.place = outcomes.place),
    (SELECT count(*) FROM patients WHERE outcome = item)
  FROM (VALUES (1, 'invalid'), (2, 'contradictory'), (3, 'outside'), (4, 'undetermined'), (5, 'decided')) AS outcomes(place, item)
)
SELECT item, item_label, patients, presentations
FROM (VALUES
  (-1, 'read', 'could be read'),
  (0, 'refused', 'could not be read'),
  (1, 'invalid', 'does not conform to the patient shapes'),
  (2, 'contradictory', 'facts conflict, and the rest decides nothing'),
  (3, 'outside', 'the article does not apply, or is silent'),
  (4, 'undetermined', 'no treatment can be read yet'),
  (5, 'decided', 'a treatment can be read')
) AS rows(place, item, item_label) JOIN counted USING (place)
ORDER BY place
