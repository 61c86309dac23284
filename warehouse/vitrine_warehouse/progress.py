"""Progress on standard output: one JSON object a line."""

from __future__ import annotations

import json
import sys
import time
from typing import TextIO


class Progress:
    """Says what was done: `{"stage":…,"done":…,"of":…,"rows":…,"seconds":…}`; seconds since the run began."""

    def __init__(self, out: TextIO | None = None):
        self.out = out or sys.stdout
        self.began = time.monotonic()

    @property
    def seconds(self) -> float:
        return round(time.monotonic() - self.began, 3)

    def say(self, stage: str, done: int, of: int, rows: int = 0, **more: object) -> None:
        line = {"stage": stage, "done": done, "of": of, "rows": rows, "seconds": self.seconds, **more}
        self.out.write(json.dumps(line, separators=(",", ":"), ensure_ascii=False) + "\n")
        self.out.flush()
