"""Columns of numbers out of the engine, sorted, in no more memory than they take."""

from __future__ import annotations

from typing import Iterator

import duckdb
import numpy

ROWS_AT_ONCE = 1 << 18
PAIRS_AT_ONCE = 1 << 22


def in_order(connection: duckdb.DuckDBPyConnection, query: str, expected: int, kind: type) -> numpy.ndarray:
    """The one column of the query, ascending. `expected` is about how many rows it has; more are taken too."""
    found = numpy.empty(expected + expected // 50 + 1, dtype=kind)
    count = 0
    for batch in connection.execute(query).to_arrow_reader(ROWS_AT_ONCE):
        values = batch.column(0).to_numpy()
        if count + len(values) > len(found):
            found = numpy.concatenate([found[:count], numpy.empty(count // 4 + len(values), dtype=kind)])
        found[count:count + len(values)] = values
        count += len(values)
    found = found[:count]
    found.sort()
    return found


def neighbours(found: numpy.ndarray) -> Iterator[tuple[numpy.ndarray, numpy.ndarray]]:
    """Each number and the one after it, some at a time."""
    for start in range(0, len(found) - 1, PAIRS_AT_ONCE):
        end = min(start + PAIRS_AT_ONCE, len(found) - 1)
        yield found[start:end], found[start + 1:end + 1]


def joined(parts: list[numpy.ndarray], kind: type) -> numpy.ndarray:
    """Each number of the parts once, ascending."""
    return numpy.unique(numpy.concatenate([numpy.empty(0, dtype=kind), *parts]))
