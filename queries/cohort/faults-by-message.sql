-- question: What do the patient shapes find, how often, and in how many patients?
-- users: P
-- inputs: severity = text, default all
-- columns: status answer patients results
-- kind: cohort
-- note: status is the severity, answer the message of the shape.

SELECT severity AS status, message AS answer, patients, results
FROM faults
WHERE $severity IS NULL OR severity = $severity
ORDER BY list_position(['Violation', 'Warning', 'Info'], severity) NULLS LAST, results DESC, answer
