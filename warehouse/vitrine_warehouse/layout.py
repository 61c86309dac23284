"""Where everything lies under the root of a warehouse."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Layout:
    """The folders and files under `root`; see docs/operations/usage-warehouse.md."""

    root: Path

    @property
    def segments(self) -> Path:
        return self.root / "segments"

    @property
    def parquet(self) -> Path:
        return self.root / "parquet"

    @property
    def landed(self) -> Path:
        return self.root / "landed"

    @property
    def catalog(self) -> Path:
        return self.root / "catalog.sqlite"

    @property
    def database(self) -> Path:
        return self.root / "warehouse.duckdb"

    @property
    def runs(self) -> Path:
        return self.root / "runs"

    @property
    def exports(self) -> Path:
        return self.root / "exports"

    @property
    def closed(self) -> Path:
        return self.root / "closed"

    @property
    def config(self) -> Path:
        return self.root / "config"

    @property
    def scratch(self) -> Path:
        """What may be lost: half-written files and what the engine spills."""
        return self.root / "scratch"

    @property
    def lock(self) -> Path:
        return self.root / "run.lock"

    @property
    def spark(self) -> Path:
        return self.root / "spark"

    def prepare(self) -> None:
        """Makes the folders, and empties the one for what may be lost. Only under the lock."""
        shutil.rmtree(self.scratch, ignore_errors=True)
        for folder in (self.segments, self.parquet, self.landed, self.runs, self.exports, self.closed, self.config,
                       self.scratch):
            folder.mkdir(parents=True, exist_ok=True)


def flush(path: Path) -> None:
    """Brings a file's bytes, or a folder's names, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Writes `data` to `path` so that at any instant the old or the new bytes are there, whole."""
    temporary = path.with_name(path.name + ".new")
    with open(temporary, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.chmod(temporary, mode)
    os.replace(temporary, path)
    flush(path.parent)
