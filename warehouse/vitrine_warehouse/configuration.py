"""What users configure: rates, counting rules, caps and periods, as CSV files under `config/`."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from .faults import Fault
from .layout import Layout, replace

HEADERS = {
    "rates.csv": ["from", "to", "content_type", "plan", "country", "rate"],
    "counting.csv": ["content_type", "rule"],
    "caps.csv": ["scope", "from", "to", "uses"],
    "periods.csv": ["period", "grace_days"],
}
RULES = ("per_day", "every_event")
SCOPES = ("user", "creator")
ROWS_MAX = 100_000
FOREVER = "9999-12-31"
PERIOD = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Configuration:
    """Rows as the models read them; `rates` in the order in which they are preferred, with their number last."""

    rates: list[tuple[str, str, str, str, str, Decimal, int]]
    counting: list[tuple[str, str]]
    caps: list[tuple[str, str, str, int]]
    grace_days: dict[str, int]

    @property
    def digest(self) -> str:
        """Changes when what is counted or paid would."""
        return hashlib.sha256(repr((self.rates, self.counting, self.caps)).encode()).hexdigest()

    def grace(self, period: str) -> int:
        return self.grace_days.get(period, self.grace_days.get("", 3))


def read(layout: Layout, project: Path) -> Configuration:
    """Reads `config/`, after copying what is missing from the project's `defaults/`. Raises a `Fault` with the line."""
    tables = {}
    for name, header in HEADERS.items():
        path = layout.config / name
        if not path.exists():
            replace(path, (project / "defaults" / name).read_bytes())
        tables[name] = table(path, header)
    return Configuration(rates(tables["rates.csv"]), counting(tables["counting.csv"]), caps(tables["caps.csv"]),
                         periods(tables["periods.csv"]))


class Row:
    """One line of a file, and the words for what is wrong with it."""

    def __init__(self, path: Path, number: int, values: list[str]):
        self.path, self.number, self.values = path, number, values

    def fault(self, what: str) -> Fault:
        return Fault(f"{self.path} line {self.number}: {what}", "correct the line and run again")

    def day(self, index: int, empty: str) -> str:
        value = self.values[index]
        if value == "":
            return empty
        try:
            if len(value) != 10:
                raise ValueError
            return datetime.date.fromisoformat(value).isoformat()
        except ValueError:
            raise self.fault(f"{value!r} is no day like 2026-01-31") from None


def table(path: Path, header: list[str]) -> list[Row]:
    try:
        lines = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Fault(f"{path} cannot be read: {error}", "write it as UTF-8 text") from error
    rows: list[Row] = []
    reader = csv.reader(io.StringIO(lines), strict=True)
    try:
        for values in reader:
            if not values or values[0].startswith("#"):
                continue
            rows.append(Row(path, reader.line_num, values))
            if len(rows) > ROWS_MAX:
                raise rows[-1].fault(f"there are more than {ROWS_MAX} lines")
    except csv.Error as error:
        raise Fault(f"{path} line {reader.line_num}: {error}", "correct the line and run again") from error
    if not rows or rows[0].values != header:
        raise Fault(f"{path} does not begin with {','.join(header)}", "put that line first")
    for row in rows[1:]:
        if len(row.values) != len(header):
            raise row.fault(f"it has {len(row.values)} values, not {len(header)}")
    return rows[1:]


def rates(rows: list[Row]) -> list[tuple[str, str, str, str, str, Decimal, int]]:
    """Preferred first: content type, plan, country weigh 4, 2, 1; then the later `from`; then the later line."""
    found = []
    for row in rows:
        _, _, content_type, plan, country, rate = row.values
        try:
            value = Decimal(rate)
        except InvalidOperation:
            raise row.fault(f"{rate!r} is no rate") from None
        if not value.is_finite() or not 0 <= value < 10**9 or value != value.quantize(Decimal(1).scaleb(-9)):
            raise row.fault(f"{rate} is not from 0 to 999999999 with at most nine digits after the point")
        weight = 4 * (content_type != "") + 2 * (plan != "") + (country != "")
        first = row.day(0, "0001-01-01")
        found.append((weight, first, row.number, (first, row.day(1, FOREVER), content_type, plan, country, value)))
    found.sort(key=lambda item: item[:3], reverse=True)
    return [(*item[3], place) for place, item in enumerate(found)]


def counting(rows: list[Row]) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for row in rows:
        content_type, rule = row.values
        if rule not in RULES:
            raise row.fault(f"{rule!r} is not one of {', '.join(RULES)}")
        if content_type in found:
            raise row.fault(f"{content_type!r} stands twice")
        found[content_type] = rule
    return sorted(found.items())


def caps(rows: list[Row]) -> list[tuple[str, str, str, int]]:
    found = []
    for row in rows:
        scope, _, _, uses = row.values
        if scope not in SCOPES:
            raise row.fault(f"{scope!r} is not one of {', '.join(SCOPES)}")
        if not uses.isascii() or not uses.isdigit() or len(uses) > 12:
            raise row.fault(f"{uses!r} is no number of uses")
        found.append((scope, row.day(1, "0001-01-01"), row.day(2, FOREVER), int(uses)))
    return sorted(found)


def periods(rows: list[Row]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        period, days = row.values
        if period and not PERIOD.fullmatch(period):
            raise row.fault(f"{period!r} is no period like 2026-01")
        if not days.isascii() or not days.isdigit() or int(days) > 366:
            raise row.fault(f"{days!r} is no number of days up to 366")
        found[period] = int(days)
    return found
