"""The write path: intents go in, outcomes come out, and the journal knows everything in between.

write         an intent, a new list or a deletion: read, resolve, send, read back
retention     for how long the rows are kept
lock          one writer a list, across threads, processes and machines
journal       the row of each write: locked, pending, in doubt, confirmed, refused, unknown
reconciling   what became of a write whose end nobody saw
undoing       the inverse of a write, or the same once more
trail         who changed a contact that is no longer as it was
outcomes      how a write ends
entries       what a row says of the lists
search_terms  the numbers and names that a row is found by
records       changes as JSON, for the journal

docs/architecture.md#writing. Nothing that can be called is handed in here, no form and no view.
"""
