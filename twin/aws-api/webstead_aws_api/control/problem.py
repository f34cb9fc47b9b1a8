"""A report that cannot be taken."""


class Problem(Exception):
    """`status` is the HTTP status, `message` one line: what is wrong, which value, what to do."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
