-- The floor of facts in Parquet: scan them, make two masks for each lesion, and write a row for each recommendation.
-- findings(finding, bit), recommendations(recommendation, "order") and facts are given.
SELECT patient, presentation, recommendation, "order", present, absent
FROM (
    SELECT
        patient,
        presentation,
        bit_or(CASE WHEN status = 'present' THEN bit ELSE 0 END) AS present,
        bit_or(CASE WHEN status = 'absent' THEN bit ELSE 0 END) AS absent
    FROM facts JOIN findings USING (finding)
    WHERE presentation IS NOT NULL
    GROUP BY patient, presentation
) CROSS JOIN recommendations
