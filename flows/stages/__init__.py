"""The steps of a run as plain functions, without Prefect: seeds, watching, coding. The flows call them from tasks."""
