-- question: Which facts conflict, and in how many patients and presentations?
-- users: P
-- inputs: none
-- columns: item patients presentations
-- kind: cohort
-- note: each row is a smallest set of assertions that cannot all hold, days left out. The first row, without an item, counts
-- all together.

SELECT facts AS item, count(DISTINCT (file, patient)) AS patients, count(DISTINCT (file, patient, presentation)) AS presentations
FROM (SELECT * REPLACE (regexp_replace(facts, '@\S*', '', 'g') AS facts) FROM conflicts)
GROUP BY GROUPING SETS ((), (facts))
ORDER BY item IS NOT NULL, presentations DESC, item
