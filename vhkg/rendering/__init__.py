"""Answers as text, JSON, Turtle and CSV. Sees the model only; every word on medicine comes from its content.

    text       render_text, verdict_words      the ten blocks, for clinicians and for patients
    explain    render_explanation              why, why not, what would decide it
    whatif     render_what_if                  other facts, side by side
    report     render_report_text              validation results, grouped by cause
    jsonout    render_json, render_jsonl, schema
    rdf        render_turtle, answer_ntriples, answer_iri
    csvout     render_csv
    cohort_page  render_cohort_page            the report on a cohort, for people; its JSON is in jsonout
    layout     visible                         what a terminal would obey, shown as its code

Nothing is imported here: one command needs one of these, and each costs the others' start.
"""
