"""Errors that a person can act on."""


class UserError(Exception):
    """Something outside the program stops the run; the message says what and where, `way_out` what to do."""

    def __init__(self, message: str, way_out: str) -> None:
        self.message = message
        self.way_out = way_out
        super().__init__(f"{message}. Way out: {way_out}.")
