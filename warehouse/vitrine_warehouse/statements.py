"""Closed periods: what was settled, in files that never change again.

`closed/{period}/` holds `rows.csv` (what the statement settles, also corrections of earlier periods), `payouts.csv`
(what is paid) and `manifest.json` with their SHA-256 and that of the manifest before, so that none can be changed or
taken out unseen.
"""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import json
import os
import shutil
from dataclasses import dataclass, field
from decimal import Decimal

from .catalog import Catalog
from .configuration import PERIOD, Configuration
from .faults import Fault
from .layout import Layout, flush

ROWS = ["period", "for_period", "creator_id", "uses", "amount"]
PAYOUTS = ["period", "creator_id", "uses", "amount", "remainder", "adjusted_uses", "adjusted_amount"]


@dataclass
class Statements:
    """Everything settled so far. `periods` are ascending; `digests` are of their manifests."""

    periods: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    payouts: list[list[str]] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """Of the last manifest; empty without one."""
        return self.digests[-1] if self.digests else ""


def next_period(period: str) -> str:
    year, month = int(period[:4]), int(period[5:])
    return f"{year + month // 12:04}-{month % 12 + 1:02}"


def last_day(period: str) -> datetime.date:
    return datetime.date.fromisoformat(next_period(period) + "-01") - datetime.timedelta(days=1)


def read(layout: Layout) -> Statements:
    """Raises a `Fault` when a statement is not what was written."""
    found = Statements()
    for folder in sorted(path for path in layout.closed.iterdir() if PERIOD.fullmatch(path.name)):
        def fault(what: str) -> Fault:
            return Fault(f"the statement {folder} {what}", "restore the folder from a backup: statements never change")
        try:
            data = (folder / "manifest.json").read_bytes()
            manifest = json.loads(data)
            bodies = {name: (folder / name).read_bytes() for name in ("rows.csv", "payouts.csv")}
        except (OSError, ValueError) as error:
            raise fault(f"cannot be read: {error}") from error
        if manifest["previous"] != found.digest:
            raise fault("does not follow the one before it")
        for name, body in bodies.items():
            if hashlib.sha256(body).hexdigest() != manifest["files"][name]:
                raise fault(f"was changed: {name}")
        found.rows += lines(bodies["rows.csv"])
        found.payouts += lines(bodies["payouts.csv"])
        found.periods.append(folder.name)
        found.digests.append(hashlib.sha256(data).hexdigest())
    return found


def compare(layout: Layout, statements: Statements, catalog: Catalog) -> None:
    """Raises a `Fault` when the last statement that a run saw is not there any more."""
    known = catalog.fact("statement")
    if known and known not in statements.digests:
        raise Fault(f"a statement that was closed is no longer in {layout.closed}",
                    "restore the folder from a backup: statements never change")


def lines(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode()), strict=True))[1:]


def check(period: str, today: datetime.date, statements: Statements, configuration: Configuration,
          open_periods: list[str]) -> None:
    """Raises a `Fault` when the period cannot be closed now."""
    if not PERIOD.fullmatch(period):
        raise Fault(f"{period!r} is no period", "write it as 2026-01")
    if statements.periods and period <= statements.periods[-1]:
        raise Fault(f"{period} is closed already", "corrections appear in the next open period's adjustments")
    open_until = last_day(period) + datetime.timedelta(days=configuration.grace(period) + 1)
    if today < open_until:
        raise Fault(f"{period} stays open until {open_until}",
                    "wait, or change its grace_days in config/periods.csv")
    before = [other for other in open_periods if other < period]
    if before:
        raise Fault(f"{min(before)} is still open", f"close {min(before)} first")


def freeze(layout: Layout, period: str, rows: list[tuple], payouts: list[tuple], statements: Statements,
           run: int) -> str:
    """Writes the statement. Returns its digest. Whole or not at all."""
    folder = layout.scratch / f"closed-{period}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    bodies = {"rows.csv": body(ROWS, rows), "payouts.csv": body(PAYOUTS, payouts)}
    manifest = json.dumps({
        "version": 1, "period": period, "run": run, "previous": statements.digest,
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in bodies.items()},
    }, separators=(",", ":")).encode()
    for name, data in {**bodies, "manifest.json": manifest}.items():
        path = folder / name
        path.write_bytes(data)
        os.chmod(path, 0o444)
        flush(path)
    flush(folder)
    os.rename(folder, layout.closed / period)
    flush(layout.closed)
    return hashlib.sha256(manifest).hexdigest()


def plain(value: object) -> object:
    """Decimals without an exponent."""
    return f"{value:f}" if isinstance(value, Decimal) else value


def body(header: list[str], rows: list[tuple]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([plain(value) for value in row] for row in rows)
    return out.getvalue().encode()
