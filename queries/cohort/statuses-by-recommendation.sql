-- question: For how many presentations does each recommendation have each status, and how many rest on a reading?
-- users: P R
-- inputs: status = text, default all; item = name, default all
-- columns: item item_label line answer status presentations rest_on_reading
-- kind: cohort
-- note: answer is for or against. rest_on_reading are those whose status is another under some reading of the text.
-- In the order of the article, never ranked.

SELECT recommendation AS item, coalesce(label, recommendation) AS item_label, coalesce(line, '') AS line,
  statuses.direction AS answer, status, presentations, rest_on_reading
FROM statuses LEFT JOIN recommendations ON name = recommendation
WHERE ($status IS NULL OR status = $status) AND ($item IS NULL OR recommendation = $item)
ORDER BY "order", item,
  list_position(['applies', 'advised-against', 'provisional', 'undetermined', 'does-not-apply'], status)
