"""What the tests share: a warehouse in a folder of its own, compared with the oracle."""

from __future__ import annotations

import csv
import datetime
import io
import shutil
import sys
from pathlib import Path

import duckdb
import pytest

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

import oracle  # noqa: E402
import world  # noqa: E402
from vitrine_warehouse import run as runs  # noqa: E402
from vitrine_warehouse.engine import Limits  # noqa: E402
from vitrine_warehouse.layout import Layout  # noqa: E402
from vitrine_warehouse.progress import Progress  # noqa: E402

PROJECT = Path(__file__).parents[1]


def same(what: str, found: dict, expected: dict) -> None:
    """Fails with the first differences: the tables are too long to be shown."""
    if found != expected:
        keys = sorted(key for key in found.keys() | expected.keys() if found.get(key) != expected.get(key))
        told = [f"{key}: {found.get(key)}, expected {expected.get(key)}" for key in keys[:5]]
        pytest.fail(f"{what} differs in {len(keys)} rows: " + "; ".join(told), pytrace=False)


class Bench:
    """A warehouse, and what the oracle knows of it."""

    def __init__(self, root: Path, engine: str = "duckdb"):
        self.layout = Layout(root)
        self.engine = engine
        self.settings = oracle.Settings()
        self.books = oracle.Books()
        self.segments: list[world.Segment] = []
        (root / "config").mkdir(parents=True)

    def configure(self) -> None:
        s = self.settings
        self.table("rates.csv", ["from", "to", "content_type", "plan", "country", "rate"], s.rates)
        self.table("counting.csv", ["content_type", "rule"], s.counting.items())
        self.table("caps.csv", ["scope", "from", "to", "uses"], s.caps)

    def table(self, name: str, header: list[str], rows) -> None:
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([header, *rows])
        (self.layout.config / name).write_text(out.getvalue())

    def receive(self, segments: list[world.Segment]) -> None:
        for segment in segments:
            world.write(segment, self.layout.root)
        self.segments += segments

    def order(self, **more) -> runs.Order:
        return runs.Order(PROJECT, Limits("1GB", 2), self.engine, **more)

    def run(self, **more) -> dict:
        self.configure()
        return runs.run(self.layout, self.order(**more), Progress(io.StringIO()))

    def close(self, period: str) -> dict:
        entry = runs.close(self.layout, self.order(), period, datetime.date(2099, 1, 1), Progress(io.StringIO()))
        self.books.close(period, self.answer())
        return entry

    def answer(self) -> oracle.Answer:
        return oracle.count(self.segments, self.settings)

    def query(self, text: str) -> list[tuple]:
        with duckdb.connect(str(self.layout.database), read_only=True) as connection:
            connection.execute("set TimeZone = 'UTC'")
            return connection.execute(text).fetchall()

    def check(self) -> oracle.Answer:
        """Every mart equals the oracle's, to the last event and the last of nine digits."""
        answer = self.answer()
        daily = {row[:8]: row[8:] for row in self.query("""
            select day::varchar, content_id, content_type, template_id, brand_id, creator_id, country, plan, uses,
                events, capped from marts.daily""")}
        same("daily", daily, answer.daily)
        creator_daily = {row[:3]: row[3:] for row in self.query(
            "select day::varchar, creator_id, content_type, uses, amount from marts.creator_daily")}
        same("creator_daily", creator_daily, answer.creator_daily)
        quarantine = {row[:3]: row[3] for row in self.query(
            "select day::varchar, id_high, id_low, copies from marts.quarantine")}
        same("quarantine", quarantine, answer.quarantine)
        payouts, adjustments = self.books.rows(answer)
        same("payouts", {row[:2]: row[2:] for row in self.query(
            "select period, creator_id, uses, amount, remainder, status from marts.payouts")}, payouts)
        same("adjustments", {row[:3]: row[3:] for row in self.query(
            "select period, for_period, creator_id, uses, amount, status from marts.adjustments")}, adjustments)
        deliveries = {row[:2]: row[2] for row in self.query(
            "select day::varchar, type, sum(events)::bigint from marts.deliveries_daily group by all")}
        same("deliveries", deliveries, answer.deliveries)
        duplicates = self.query("select coalesce(sum(duplicates), 0)::bigint from marts.intake_daily")
        assert duplicates == [(answer.duplicates,)]
        self.check_exports()
        return answer

    def check_exports(self) -> None:
        """Applying the exports in order gives the marts."""
        rows: dict[str, dict] = {"creator_daily": {}, "payouts": {}}
        for folder in sorted(self.layout.exports.iterdir()):
            for path in sorted(folder.glob("*.csv")):
                table = rows[path.name.split("-")[0]]
                keys = 3 if path.name.startswith("creator_daily") else 2
                with open(path, newline="", encoding="utf-8") as file:
                    for row in list(csv.reader(file, strict=True))[1:]:
                        if row[-1] == "1":
                            table.pop(tuple(row[:keys]))
                        else:
                            table[tuple(row[:keys])] = tuple(row[keys:-1])
        marts = {tuple(row[:3]): tuple(row[3:]) for row in self.query(
            "select day::varchar, creator_id, content_type, uses::varchar, amount::varchar from marts.creator_daily")}
        same("what was exported of creator_daily", rows["creator_daily"], marts)
        marts = {tuple(row[:2]): tuple(row[2:]) for row in self.query(
            "select period, creator_id, uses::varchar, amount::varchar, status from marts.payouts")}
        same("what was exported of payouts", rows["payouts"], marts)


def pytest_addoption(parser) -> None:
    parser.addoption("--deep", action="store_true", help="more worlds, and a kill before every single step")


@pytest.fixture(scope="session")
def deep(request) -> bool:
    return request.config.getoption("--deep")


@pytest.fixture(scope="session")
def place(tmp_path_factory) -> Path:
    """Where this process's warehouses stand, one after the other: dbt keeps what it parsed only for one path."""
    return tmp_path_factory.mktemp("place")


@pytest.fixture
def bench(place, tmp_path):
    root = place / "warehouse"
    kept, parsed = place / "partial_parse.msgpack", root / "dbt" / "duckdb" / "partial_parse.msgpack"
    made = Bench(root)
    if kept.exists():
        parsed.parent.mkdir(parents=True)
        shutil.copyfile(kept, parsed)
    yield made
    if parsed.exists():
        shutil.copyfile(parsed, kept)
    shutil.move(root, tmp_path / "warehouse")
