-- question: 37. Which missing finding, if recorded, would decide most of them?
-- users: P
-- inputs: none
-- columns: item item_label answer presentations decides opens answers
-- kind: cohort
-- note: presentations are those in which a recommendation that is not settled depends on the finding; decides are those in
-- which the finding alone, present or absent, could settle one; opens are those for which no treatment can be read yet, and
-- the finding alone could make one apply; answers counts the recommendations that it alone could settle. Where a recorded
-- factor is not addressed by the article, only what refutes settles. answer is how it is asked.

SELECT name AS item, label AS item_label, question AS answer, presentations, decides, opens, answers
FROM lacking JOIN findings USING (name)
ORDER BY opens DESC, answers DESC, place
