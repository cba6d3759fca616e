-- question: Which codes does nothing map, and how many entries have them?
-- users: P L
-- inputs: none
-- columns: item entries files
-- kind: cohort

SELECT code AS item, sum(entries)::BIGINT AS entries, count(DISTINCT file) AS files
FROM unmapped
GROUP BY code
ORDER BY entries DESC, item
