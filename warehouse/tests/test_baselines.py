"""Exports and runs do not pile up, and a service database can begin at any time."""

from __future__ import annotations

import csv
import json

import duckdb
import pytest
from vitrine_warehouse import exports, history
from vitrine_warehouse.catalog import Catalog
from vitrine_warehouse.layout import Layout


class Shop:
    """Marts without the models behind them."""

    def __init__(self, root):
        self.layout = Layout(root)
        self.layout.prepare()
        self.catalog = Catalog(self.layout.catalog)
        self.rows: dict[str, int] = {}
        self.open()

    def open(self) -> None:
        self.connection = duckdb.connect(str(self.layout.database))
        self.connection.execute("""create schema if not exists marts;
            create or replace table marts.creator_daily (day date, creator_id varchar, content_type varchar,
                uses bigint, amount decimal(38, 9));
            create or replace table marts.payouts (period varchar, creator_id varchar, uses bigint,
                amount decimal(38, 2), status varchar)""")

    def export(self, **rows: int | None) -> int | None:
        """One run that gives creators other uses, or takes them away."""
        for name, uses in rows.items():
            if uses is None:
                del self.rows[name]
            else:
                self.rows[name] = uses
        self.connection.execute("delete from marts.creator_daily")
        for name, uses in self.rows.items():
            self.connection.execute("insert into marts.creator_daily values ('2026-01-01', ?, 'photo', ?, 1)",
                                    [name, uses])
        with self.catalog.transaction() as change:
            change.execute(
                "insert into days values ('2026-01-01', 1, 1, 0) on conflict do update set built = built + 1")
        return exports.export(self.connection, self.layout, self.catalog, 1)

    def numbers(self) -> list[int]:
        return sorted(int(path.name) for path in self.layout.exports.iterdir() if path.name.isdigit())

    def applied(self, first: int) -> dict[str, int]:
        """What a service database has that begins with this export."""
        rows: dict[str, int] = {}
        for number in [number for number in self.numbers() if number >= first]:
            folder = self.layout.exports / f"{number:020}"
            if number != first and json.loads((folder / "manifest.json").read_bytes()).get("baseline"):
                continue
            for path in folder.glob("creator_daily-*.csv"):
                with open(path, newline="", encoding="utf-8") as file:
                    for row in csv.DictReader(file):
                        if row["deleted"] == "1":
                            rows.pop(row["creator_id"])
                        else:
                            rows[row["creator_id"]] = int(row["uses"])
        return rows


@pytest.fixture
def shop(tmp_path, monkeypatch):
    monkeypatch.setattr(exports, "BASELINE_EVERY", 4)
    return Shop(tmp_path)


def test_exports_before_the_last_but_one_baseline_go(shop):
    last = [shop.export(ann=number, **{f"c{number}": number, f"c{number - 3}": None if number > 3 else 0})
            for number in range(1, 12)]
    baselines = [number for number in shop.numbers()
                 if json.loads((shop.layout.exports / f"{number:020}/manifest.json").read_bytes()).get("baseline")]
    assert len(baselines) == 2 and shop.numbers() == list(range(baselines[0], last[-1] + 1))
    assert [shop.applied(number) for number in baselines] == [shop.rows, shop.rows]


def test_nothing_new_is_no_export(shop):
    shop.export(ann=1)
    assert [shop.export() for _ in range(5)] == [None] * 5 and shop.numbers() == [1]


def test_the_memory_of_what_was_exported_comes_back_from_the_exports(shop):
    for number in range(1, 9):
        shop.export(ann=number, **{f"c{number}": number})
    first = shop.numbers()[0]
    assert first > 1
    shop.connection.close()
    shop.layout.database.unlink()
    shop.open()
    # Left over by a process that died while it removed old exports.
    stray = shop.layout.exports / f"{first - 1:020}"
    stray.mkdir()
    (stray / "manifest.json").write_text(json.dumps({"version": 1, "number": first - 1, "run": 1, "parts": []}))
    assert shop.export(bob=1) is not None
    assert shop.applied(shop.numbers()[0]) == shop.rows and first - 1 not in shop.numbers()


def test_the_last_runs_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(history, "RUNS_MAX", 3)
    layout = Layout(tmp_path)
    layout.prepare()
    for _ in range(7):
        entry = history.begin(layout, "run", "duckdb")
        history.save(layout, {**entry, "status": "succeeded"})
    assert history.numbers(layout) == [5, 6, 7] and history.load(layout, 7)["status"] == "succeeded"
