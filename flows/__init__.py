"""Prefect flows, settings and the `commentary` command: thin, and nothing here is imported by the other folders."""
