"""Finding themes and figures in commentary: pure functions from bytes to findings.

Nothing here knows Prefect or DuckDB, and nothing but `extractors.web` touches the network or the clock.
"""
