"""Batches of segments become one file a day, whatever their sizes and however many days they have."""

from __future__ import annotations

import io
import random

import duckdb
import pytest
from vitrine_warehouse import dayfiles, landing, lines, repeats
from vitrine_warehouse.catalog import Catalog
from vitrine_warehouse.engine import Limits
from vitrine_warehouse.layout import Layout
from vitrine_warehouse.progress import Progress
from world import Event, Line, Segment, World, write

LIMITS = Limits("512MB", 2)
START = 1_704_067_200_000_000
DAY_US = 86_400_000_000


@pytest.fixture
def layout(tmp_path) -> Layout:
    made = Layout(tmp_path / "warehouse")
    made.prepare()
    return made


@pytest.fixture
def catalog(layout):
    made = Catalog(layout.catalog)
    yield made
    made.close()


def land(layout, catalog, segments: list[Segment]) -> int:
    for segment in segments:
        write(segment, layout.root)
    return landing.land(layout, catalog, LIMITS, Progress(io.StringIO()))


def landed(layout) -> list[tuple]:
    with duckdb.connect() as connection:
        return sorted(connection.execute(f"""
            select node, segment, line, id_high, id_low, content_hash, source, id, type, occurred_us, received_us,
                content_id, content_type, creator_id, user_id, action, brand_id, template_id, country, plan, trace_id,
                extra, occurred_day::varchar
            from read_parquet('{layout.parquet}/*/*.parquet', hive_partitioning = true)""").fetchall())


def expected(segments: list[Segment]) -> list[tuple]:
    rows = []
    for segment in segments:
        for number, line in enumerate(segment.lines, 1):
            e = line.event
            rows.append((segment.node, segment.number, number, *e.identity, e.content_hash, e.source, e.id, e.type,
                         e.occurred_us, line.received_us, e.content_id, e.content_type, e.creator_id, e.user_id,
                         e.action, e.brand_id, e.template_id, e.country, e.plan, line.trace_id, e.extra, e.day))
    return sorted(rows)


def event(number: int, day: int = 0, **more) -> Event:
    values = dict(source="s", id=str(number), occurred_us=START + day * DAY_US, content_id="c", content_type="photo",
                  creator_id="ann", user_id="u")
    return Event(**{**values, **more})


@pytest.mark.parametrize("piece_bytes", [1 << 10, 1 << 14, 1 << 24])
def test_every_line_lands_as_it_was_sent_however_it_is_cut(layout, catalog, monkeypatch, piece_bytes):
    monkeypatch.setattr(lines, "PIECE_BYTES", piece_bytes)
    monkeypatch.setattr(dayfiles, "ROW_GROUP", 97)
    monkeypatch.setattr(landing, "ROW_GROUP", 97)
    made = World(5, "2024-01-01", days=20, events=2_000, segments=12).segments
    assert land(layout, catalog, made) == sum(len(segment.lines) for segment in made)
    assert landed(layout) == expected(made)


def test_a_batch_of_many_segments_is_one_file_a_day(layout, catalog):
    made = [Segment("a", number, [Line(event(number * 10 + i, i % 2), START + DAY_US + number)
                                  for i in range(4)]) for number in range(1, 41)]
    assert land(layout, catalog, made) == 160
    assert catalog.all("select day, count(*), sum(lines) from files group by day order by day") == [
        ("2024-01-01", 1, 80), ("2024-01-02", 1, 80)]
    assert catalog.one("select count(*), sum(lines) from segments") == (40, 160)


def test_more_days_than_may_be_open_at_once(layout, catalog, monkeypatch):
    monkeypatch.setattr(landing, "FILES_OPEN_MAX", 8)
    monkeypatch.setattr(lines, "PIECE_BYTES", 1 << 13)
    monkeypatch.setattr(landing, "WAITING_SHARE", 1 << 11)
    chance = random.Random(1)
    numbers = list(range(1_500))
    chance.shuffle(numbers)
    made = [Segment("a", 1, [Line(event(n, n % 300), START + 400 * DAY_US) for n in numbers])]
    assert land(layout, catalog, made) == 1_500
    assert landed(layout) == expected(made)
    assert catalog.one("select count(distinct day), sum(lines) from files") == (300, 1_500)
    assert catalog.one("select sum(lines), sum(late) from landed_lines") == (1_500, 1_500)


def test_a_text_that_is_empty_is_not_absent(layout, catalog):
    made = [Segment("a", 1, [Line(event(1, plan=""), START), Line(event(2, plan=None), START + 1)])]
    land(layout, catalog, made)
    assert [row[19] for row in landed(layout)] == ["", None]


@pytest.mark.parametrize("memory", ["2GB", "20KB"])
def test_sorting_finds_what_grouping_finds(layout, catalog, memory, monkeypatch):
    made = World(7, "2024-01-01", days=3, events=1_500, segments=6).segments
    land(layout, catalog, made)
    with duckdb.connect() as connection:
        connection.execute("create schema landing")
        connection.execute(f"create view landing.events as select * from read_parquet('{layout.parquet}/*/*.parquet', "
                           "hive_partitioning = true, hive_types = {'occurred_day': DATE})")
        days = catalog.lines_by_day()
        found = {}
        for least in (0, 10**9):
            monkeypatch.setattr(repeats, "SORTED_MIN", least)
            repeats.find(connection, [(day, day) for day in days], days, Limits(memory, 1))
            found[least] = [sorted(connection.execute(f"select * from landing.{table}").fetchall())
                            for table in repeats.TABLES]
    assert found[0] == found[10**9]
    assert all(len(rows) > 20 for rows in found[0])
