"""Parquet files of landed lines, one day each."""

from __future__ import annotations

from pathlib import Path

import pyarrow
from pyarrow import parquet

INTEGER, TEXT = pyarrow.int64(), pyarrow.string()
COLUMNS = {
    "id_high": INTEGER, "id_low": INTEGER, "content_hash": INTEGER, "source": TEXT, "id": TEXT, "type": TEXT,
    "occurred_us": INTEGER, "received_us": INTEGER, "content_id": TEXT, "content_type": TEXT, "creator_id": TEXT,
    "user_id": TEXT, "action": TEXT, "brand_id": TEXT, "template_id": TEXT, "country": TEXT, "plan": TEXT,
    "trace_id": TEXT, "extra": TEXT,
}
# What landing adds: where the line stood.
PLACE = {"node": TEXT, "segment": INTEGER, "line": INTEGER}
SCHEMA = pyarrow.schema(list((COLUMNS | PLACE).items()))

ROW_GROUP = 122_880
# Hashes spread evenly, so nothing makes them smaller: they stand as they are, which is also read fastest. Few distinct
# texts are written once a row group; for many distinct ones their lengths and bytes take less than a dictionary. Times
# of occurrence jump back and forth by whole milliseconds: their bytes repeat more than their differences do.
AS_THEY_ARE = ["id_high", "id_low", "content_hash"]
DICTIONARY = ["source", "type", "content_type", "action", "brand_id", "template_id", "country", "plan", "node",
              "segment"]
DELTAS = ["received_us", "line"]
SORTED_TEXTS = ["id"]
COMPRESSION = {name: "NONE" if name in AS_THEY_ARE else "ZSTD" for name in SCHEMA.names}
LEVELS = {name: 3 if name == "occurred_us" else 1 for name, codec in COMPRESSION.items() if codec == "ZSTD"}
ENCODINGS = {name: "PLAIN" if name in AS_THEY_ARE or name == "occurred_us" else "DELTA_BINARY_PACKED" if name in DELTAS
             else "DELTA_BYTE_ARRAY" if name in SORTED_TEXTS else "DELTA_LENGTH_BYTE_ARRAY"
             for name in SCHEMA.names if name not in DICTIONARY}


def writer(path: Path) -> parquet.ParquetWriter:
    """A file of landed lines that is being written."""
    return parquet.ParquetWriter(path, SCHEMA, version="2.6", use_dictionary=DICTIONARY, compression=COMPRESSION,
                                 compression_level=LEVELS, column_encoding=ENCODINGS, store_schema=False)


def empty(path: Path) -> None:
    """A file without rows: it says which columns there are."""
    with writer(path) as file:
        file.write_table(SCHEMA.empty_table())


class DayFile:
    """One file, written row group by row group from tables as they come."""

    def __init__(self, path: Path):
        self.path = path
        self.lines = 0
        self.waiting: list[pyarrow.Table] = []
        self.waiting_lines = 0
        self.writer: parquet.ParquetWriter | None = None

    def add(self, table: pyarrow.Table) -> None:
        self.waiting.append(table)
        self.waiting_lines += table.num_rows

    def take(self, whole: bool) -> pyarrow.Table | None:
        """What can be written now: whole row groups, or all that waits."""
        count = self.waiting_lines if whole else self.waiting_lines // ROW_GROUP * ROW_GROUP
        if count == 0:
            return None
        table = pyarrow.concat_tables(self.waiting)
        rest = table.slice(count)
        self.waiting, self.waiting_lines = ([rest] if rest.num_rows else []), rest.num_rows
        self.lines += count
        return table.slice(0, count)

    def write(self, table: pyarrow.Table) -> None:
        """Not twice at once."""
        if self.writer is None:
            self.writer = writer(self.path)
        self.writer.write_table(table, row_group_size=ROW_GROUP)

    def close(self) -> None:
        """Ends the file. Raises `ValueError` when it does not hold what it was given."""
        if self.writer is not None:
            self.writer.close()
            held = parquet.read_metadata(self.path).num_rows
            if held != self.lines:
                raise ValueError(f"{self.path} holds {held} lines of {self.lines}")
