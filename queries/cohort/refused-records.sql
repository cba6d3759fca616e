-- question: Which records and entries were set aside, and why?
-- users: P
-- inputs: patient = text, default all
-- columns: file patient answer
-- kind: cohort
-- note: patient is empty where it is not known.

SELECT file, patient, message AS answer
FROM refused
WHERE $patient IS NULL OR patient = $patient
ORDER BY file, patient, message
