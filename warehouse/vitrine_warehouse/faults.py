"""What stops a command, in words its user can act on."""

from __future__ import annotations


class Fault(Exception):
    """Stops the command before anything wrong becomes visible.

    `message` says what is wrong and names the file, `remedy` what to do about it.
    """

    def __init__(self, message: str, remedy: str):
        super().__init__(message)
        self.message = message
        self.remedy = remedy
