"""The steps of a run, one module a step: seeds, watching, coding, naming, loading."""
