"""The sealed segments that were fetched: which there are, and whether they are whole."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from .catalog import Catalog
from .faults import Fault
from .layout import Layout

NAME = re.compile(r"(\d{1,20})-([0-9a-f]{64})\.csv\.zst")
NODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}")

# What the total order has room for: see macros/engines.sql.
NODES_MAX = 2**11
NUMBER_MAX = 2**30
LINES_MAX = 2**22


@dataclass(frozen=True, order=True)
class Segment:
    """A segment's file under `segments/{node}/`; `number` counts from 1 per node, `sha` is of the compressed bytes."""

    node: str
    number: int
    sha: str
    path: Path

    @property
    def name(self) -> str:
        return f"{self.node}/{self.path.name}"

    def verified(self) -> int:
        """Reads the file. Returns its size in bytes. Raises a `Fault` that names it when it is not what was sealed."""
        digest = hashlib.sha256()
        size = 0
        try:
            with open(self.path, "rb") as file:
                while chunk := file.read(1 << 20):
                    digest.update(chunk)
                    size += len(chunk)
        except OSError as error:
            raise Fault(f"segment {self.name} cannot be read: {error.strerror}", "fetch it and run again") from error
        if digest.hexdigest() != self.sha:
            raise Fault(f"segment {self.name} is corrupt: its SHA-256 is {digest.hexdigest()}",
                        f"remove {self.path}, fetch it from the object storage and run again")
        return size


def present(layout: Layout) -> list[Segment]:
    """Every segment on the disk, by node and number."""
    found = []
    for folder in layout.segments.iterdir():
        if not folder.is_dir():
            continue
        if not NODE.fullmatch(folder.name):
            raise Fault(f"{folder} is no node's folder", "move it away and run again")
        for path in folder.iterdir():
            if match := NAME.fullmatch(path.name):
                found.append(Segment(folder.name, int(match[1]), match[2], path))
    return sorted(found)


def pending(segments: list[Segment], catalog: Catalog) -> list[Segment]:
    """Those not landed yet. Raises a `Fault` when a number is missing, claimed twice or beyond the limits."""
    known: dict[str, dict[int, str]] = {}
    for node, number, sha in catalog.all("select node, number, sha from segments"):
        known.setdefault(node, {})[number] = sha
    waiting = []
    paths: dict[tuple[str, int], Path] = {}
    for segment in segments:
        numbers = known.setdefault(segment.node, {})
        if not 0 < segment.number < NUMBER_MAX:
            raise Fault(f"segment {segment.name} has a number out of range", f"numbers are 1 to {NUMBER_MAX - 1}")
        other = numbers.setdefault(segment.number, segment.sha)
        if other != segment.sha:
            # The next run fetches what the store names then.
            segment.path.unlink(missing_ok=True)
            paths.get((segment.node, segment.number), segment.path).unlink(missing_ok=True)
            raise Fault(f"segment {segment.name} claims a number that is taken by {other}",
                        "two collectors use one node name, or a segment was changed: keep the one the manifest names")
        paths[segment.node, segment.number] = segment.path
    landed = {(node, number) for node, number in catalog.all("select node, number from segments")}
    waiting = [segment for segment in segments if (segment.node, segment.number) not in landed]
    if len(known) > NODES_MAX:
        raise Fault(f"{len(known)} nodes are more than {NODES_MAX}", "give collectors lasting names with --node")
    for node, numbers in sorted(known.items()):
        if numbers and max(numbers) != len(numbers):
            missing = next(number for number in range(1, max(numbers)) if number not in numbers)
            raise Fault(f"segment {missing:020} of node {node} is missing",
                        "fetch it from the object storage and run again")
    return waiting
