"""Lines of segments, read into columns.

Segments are decompressed as a stream and cut into pieces of whole lines, so that neither a large segment nor thousands
of small ones decide how much memory is taken: a piece is a part of one segment, or all of several.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Iterator

import numpy
import pyarrow
from pyarrow import csv

from .dayfiles import COLUMNS
from .faults import Fault
from .segments import LINES_MAX, Segment

USAGE = "com.vitrine.usage.v1"
LATE_US = 86_400_000_000
DAY_US = 86_400_000_000
# 2000-01-01 and 2080-01-01, in days since 1970: what intake admits, and what the guard's keys have room for.
FIRST_DAY, LAST_DAY = 10957, 40177
PIECE_BYTES = 1 << 24
LINE_BYTES_MAX = 1 << 20

REQUIRED = ["id_high", "id_low", "content_hash", "source", "id", "type", "occurred_us", "received_us"]
REQUIRED_OF_USAGE = ["content_id", "content_type", "creator_id", "user_id", "action"]
# Read in blocks that stay in a processor's cache while column after column is made of them, and hold the longest line.
BLOCK_BYTES = 2 * LINE_BYTES_MAX
READ = csv.ReadOptions(column_names=list(COLUMNS), use_threads=False, block_size=BLOCK_BYTES)
PARSE = csv.ParseOptions(newlines_in_values=False, ignore_empty_lines=False)
CONVERT = csv.ConvertOptions(column_types=COLUMNS, null_values=[""], strings_can_be_null=True,
                             quoted_strings_can_be_null=False)


class Unreadable(Exception):
    """What is wrong with a segment's lines."""


@dataclass(frozen=True)
class Part:
    """Whole lines of one segment. `first` is the number of the first one, from 1."""

    segment: Segment
    first: int
    lines: int
    body: bytes


@dataclass
class Columns:
    """What a piece holds, by the day (since 1970) of occurrence. `counts` are lines and late lines of each segment by
    day and type."""

    days: dict[int, pyarrow.Table]
    counts: dict[Segment, dict[tuple[int, str], tuple[int, int]]] = field(default_factory=dict)


def pieces(batch: list[Segment]) -> Iterator[list[Part]]:
    """Every line of the segments in their order. Raises a `Fault` that names the segment that cannot be read."""
    waiting: list[Part] = []
    size = 0
    for segment in batch:
        for part in parts(segment):
            if size + len(part.body) > PIECE_BYTES and waiting:
                yield waiting
                waiting, size = [], 0
            waiting.append(part)
            size += len(part.body)
    if waiting:
        yield waiting


def parts(segment: Segment) -> Iterator[Part]:
    first, rest = 1, b""
    try:
        with pyarrow.OSFile(str(segment.path)) as file, pyarrow.CompressedInputStream(file, "zstd") as stream:
            while data := stream.read(PIECE_BYTES - len(rest)):
                body = rest + data if rest else data
                end = body.rfind(b"\n") + 1
                rest = body[end:]
                if len(rest) > LINE_BYTES_MAX:
                    raise Unreadable(f"a line is longer than {LINE_BYTES_MAX} bytes")
                if end > 0:
                    part = Part(segment, first, body.count(b"\n"), body[:end] if rest else body)
                    first += part.lines
                    yield part
        if rest:
            raise Unreadable("its last line has no end")
        if first > LINES_MAX + 1:
            raise Unreadable(f"it has more than {LINES_MAX} lines")
    except (Unreadable, pyarrow.ArrowException, OSError) as error:
        raise unreadable(segment, error) from error


def unreadable(segment: Segment, error: Exception) -> Fault:
    return Fault(f"segment {segment.name} cannot be read: {' '.join(str(error).split())[:300]}",
                 f"its bytes are as they were sealed, so its collector wrote what this version does not read; "
                 f"keep {segment.path} and run with a version of the warehouse that fits")


def columns(piece: list[Part]) -> Columns:
    """Reads a piece. Raises a `Fault` that names the segment."""
    try:
        return read(piece)
    except (Unreadable, pyarrow.ArrowException) as error:
        # Which of them it was, is found by reading each alone.
        for part in piece if len(piece) > 1 else []:
            columns([part])
        raise unreadable(piece[0].segment, error) from error


def read(piece: list[Part]) -> Columns:
    body = piece[0].body if len(piece) == 1 else b"".join(part.body for part in piece)
    table = csv.read_csv(pyarrow.BufferReader(body), READ, PARSE, CONVERT)
    sizes = [part.lines for part in piece]
    if table.num_rows != sum(sizes):
        raise Unreadable(f"it has {sum(sizes)} lines, but {table.num_rows} were read")
    place = numpy.concatenate([numpy.arange(part.first, part.first + part.lines) for part in piece])
    check(table, place)
    owner = numpy.repeat(numpy.arange(len(piece), dtype=numpy.int32), sizes)
    nodes = pyarrow.array([part.segment.node for part in piece])
    numbers = numpy.array([part.segment.number for part in piece])
    table = table.append_column("node", nodes.take(pyarrow.array(owner)))
    table = table.append_column("segment", pyarrow.array(numbers[owner]))
    table = table.append_column("line", pyarrow.array(place))
    occurred = table.column("occurred_us").to_numpy()
    days = occurred // DAY_US
    if days.min() < FIRST_DAY or days.max() >= LAST_DAY:
        raise Unreadable("a line has no time between the years 2000 and 2080")
    late = table.column("received_us").to_numpy() - occurred >= LATE_US
    return Columns(by_day(table, days), counts(piece, owner, days, late, table.column("type")))


def check(table: pyarrow.Table, place: numpy.ndarray) -> None:
    """What every line must have."""
    missing = [name for name in REQUIRED if table.column(name).null_count]
    of_usage = [name for name in REQUIRED_OF_USAGE if table.column(name).null_count]
    if not missing and not of_usage:
        return
    broken = numpy.zeros(table.num_rows, dtype=bool)
    for name in missing:
        broken |= nulls(table, name)
    usage = numpy.array([kind == USAGE for kind in table.column("type").to_pylist()])
    for name in of_usage:
        broken |= nulls(table, name) & usage
    if broken.any():
        raise Unreadable(f"line {place[broken.argmax()]} lacks a value that every event has")


def nulls(table: pyarrow.Table, name: str) -> numpy.ndarray:
    return table.column(name).is_null().to_numpy()


def by_day(table: pyarrow.Table, days: numpy.ndarray) -> dict[int, pyarrow.Table]:
    """The largest day by a filter, what is left sorted by day and cut: days may be as many as lines."""
    found, sizes = numpy.unique(days, return_counts=True)
    if len(found) == 1:
        return {int(found[0]): table}
    largest = found[sizes.argmax()]
    mask = days == largest
    split = {int(largest): table.filter(pyarrow.array(mask))}
    others = numpy.flatnonzero(~mask)
    others = others[numpy.argsort(days[others], kind="stable")]
    rest = table.take(pyarrow.array(others))
    at = 0
    for day, size in zip(found, sizes):
        if day != largest:
            split[int(day)] = rest.slice(at, size)
            at += size
    return split


def counts(piece: list[Part], owner: numpy.ndarray, days: numpy.ndarray, late: numpy.ndarray,
           kinds: pyarrow.ChunkedArray) -> dict[Segment, dict[tuple[int, str], tuple[int, int]]]:
    coded = kinds.combine_chunks().dictionary_encode()
    if isinstance(coded, pyarrow.ChunkedArray):
        coded = coded.combine_chunks()
    names = coded.dictionary.to_pylist()
    keys = (owner.astype(numpy.int64) * LAST_DAY + days) * len(names) + coded.indices.to_numpy()
    lines = dict(zip(*(found.tolist() for found in numpy.unique(keys, return_counts=True))))
    lates = dict(zip(*(found.tolist() for found in numpy.unique(keys[late], return_counts=True))))
    answer: dict[Segment, dict[tuple[int, str], tuple[int, int]]] = {}
    for key, number in lines.items():
        rest, kind = divmod(key, len(names))
        of, day = divmod(rest, LAST_DAY)
        answer.setdefault(piece[of].segment, {})[day, names[kind]] = (number, lates.get(key, 0))
    return answer
