-- Which recommendations have a condition that a lesion meets, and no exclusion that it meets?
-- types(patient, presentation, class) and recommendations(item, condition, exclusion) are given.
SELECT patient, presentation, item
FROM types JOIN recommendations ON class = condition
WHERE NOT EXISTS (
    FROM types AS other
    WHERE other.patient = types.patient
        AND other.presentation = types.presentation
        AND other.class = recommendations.exclusion
)
