"""One run at a time."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from typing import Iterator

from .faults import Fault
from .layout import Layout


@contextmanager
def locked(layout: Layout) -> Iterator[None]:
    """Holds `run.lock` until the block ends; the system gives it back when the process dies.

    A command that only reads does not take it; the engine's file admits no reader beside a writer, so readers are told.
    """
    layout.root.mkdir(parents=True, exist_ok=True)
    with open(layout.lock, "a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Fault(f"another run is under way on {layout.root}", "wait until it has ended") from None
        yield
