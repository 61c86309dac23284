"""Whatever is wrong is named, and nothing becomes visible before it is right."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import os

import pytest
import zstandard
from conftest import PROJECT
from vitrine_warehouse import configuration, landing, statements
from vitrine_warehouse.catalog import Catalog
from vitrine_warehouse.compaction import compact
from vitrine_warehouse.engine import Limits
from vitrine_warehouse.faults import Fault
from vitrine_warehouse.guard import guard
from vitrine_warehouse.layout import Layout
from vitrine_warehouse.lock import locked
from vitrine_warehouse.progress import Progress
from vitrine_warehouse.sources import plan
from world import Event, Line, Segment, World, write

LIMITS = Limits("512MB", 2)


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


def land(layout, catalog) -> int:
    return landing.land(layout, catalog, LIMITS, Progress(io.StringIO()))


def event(number: int, day: int = 0, **more) -> Event:
    values = dict(source="s", id=str(number), occurred_us=1_704_067_200_000_000 + day * 86_400_000_000,
                  content_id="c", content_type="photo", creator_id="ann", user_id="u")
    return Event(**{**values, **more})


def segment(number: int, count: int = 5, node: str = "a") -> Segment:
    return Segment(node, number, [Line(event(number * 1000 + i), 1_704_067_300_000_000 + i) for i in range(count)])


def test_a_corrupt_segment_is_named_and_nothing_of_it_lands(layout, catalog):
    write(segment(1), layout.root)
    path = write(segment(2), layout.root)
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(body)
    with pytest.raises(Fault, match=f"segment a/{path.name} is corrupt"):
        land(layout, catalog)
    assert catalog.all("select * from files") == []


def test_a_missing_segment_is_named(layout, catalog):
    for number in (1, 3):
        write(segment(number), layout.root)
    with pytest.raises(Fault, match="segment 00000000000000000002 of node a is missing"):
        land(layout, catalog)


def test_a_segment_that_was_landed_may_be_gone(layout, catalog):
    path = write(segment(1), layout.root)
    assert land(layout, catalog) == 5
    path.unlink()
    write(segment(2), layout.root)
    assert land(layout, catalog) == 5


def test_two_segments_with_one_number_are_refused(layout, catalog):
    write(segment(1), layout.root)
    land(layout, catalog)
    write(segment(1, count=6), layout.root)
    with pytest.raises(Fault, match="claims a number that is taken"):
        land(layout, catalog)
    # The store decides which of them it is.
    assert land(layout, catalog) == 0


def test_a_lost_catalog_is_no_empty_one(layout, catalog):
    path = write(segment(1), layout.root)
    land(layout, catalog)
    path.unlink()
    catalog.close()
    layout.catalog.unlink()
    again = Catalog(layout.catalog)
    with pytest.raises(Fault, match="1 segments were landed"):
        land(layout, again)
    assert list(layout.parquet.rglob("l*.parquet"))
    write(segment(1), layout.root)
    assert land(layout, again) == 5
    again.close()


def test_a_segment_without_lines_keeps_its_place(layout, catalog):
    for number, count in ((1, 5), (2, 0), (3, 5)):
        write(segment(number, count), layout.root)
    assert land(layout, catalog) == 10 and land(layout, catalog) == 0


@pytest.mark.parametrize("body, what", [
    (b"1,2\n", "cannot be read"),
    (segment(1).lines[0].csv().replace("photo", "ph\xff").encode("latin-1") + b"\n", "cannot be read"),
    (segment(1).lines[0].csv().replace("1704067200000000", "x").encode() + b"\n", "cannot be read"),
    (segment(1).lines[0].csv().replace("1704067200000000", "0").encode() + b"\n", "between the years"),
    (segment(1).lines[0].csv().replace("1704067200000000", "4102444800000000").encode() + b"\n", "between the years"),
    (segment(1).lines[0].csv().replace("1704067200000000", "").encode() + b"\n", "line 1 lacks a value"),
    (segment(1).lines[0].csv().replace(",ann,", ",,").encode() + b"\n", "line 1 lacks a value"),
])
def test_lines_that_no_collector_writes_stop_the_run_by_the_segments_name(layout, catalog, body, what):
    packed = zstandard.compress(body)
    folder = layout.segments / "a"
    folder.mkdir()
    name = f"{1:020}-{hashlib.sha256(packed).hexdigest()}.csv.zst"
    (folder / name).write_bytes(packed)
    with pytest.raises(Fault, match=f"segment a/{name}.*{what}"):
        land(layout, catalog)
    assert catalog.all("select * from segments") == []


def test_files_nobody_knows_are_removed_and_known_ones_missed(layout, catalog):
    write(segment(1), layout.root)
    land(layout, catalog)
    (folder,) = [path for path in layout.parquet.iterdir() if "2024" in path.name]
    stray = folder / "stray.parquet"
    stray.write_bytes(b"half a file")
    land(layout, catalog)
    assert not stray.exists()
    (landed,) = folder.iterdir()
    os.truncate(landed, 10)
    with pytest.raises(Fault, match="is damaged"):
        land(layout, catalog)


def test_landed_segments_are_announced(layout, catalog):
    path = write(segment(1), layout.root)
    land(layout, catalog)
    (told,) = layout.landed.rglob("*.json")
    assert (told.parent.name, told.stem) == ("a", path.name.removesuffix(".csv.zst"))
    assert json.loads(told.read_bytes())["days"] == {"2024-01-01": 5}


def test_segments_of_the_same_bytes_are_landed_and_announced_each(layout, catalog):
    lines = segment(1).lines
    for node, number in [("a", 1), ("b", 1), ("a", 2)]:
        path = write(Segment(node, number, lines), layout.root)
        assert land(layout, catalog) == 5
        assert (layout.landed / node / path.name.replace(".csv.zst", ".json")).exists()
    assert len({sha for (sha,) in catalog.all("select sha from segments")}) == 1
    assert catalog.all("select count(*), sum(lines) from segments") == [(3, 15)]
    assert catalog.all("select count(distinct name), sum(lines) from files") == [(3, 15)]


def test_compaction_keeps_every_line(layout, catalog):
    for number in range(1, 20):
        write(segment(number), layout.root)
        land(layout, catalog)
    guard(layout, catalog, LIMITS, Progress(io.StringIO()))
    assert compact(layout, catalog) >= 16
    assert catalog.one("select count(*) < 8, sum(lines) from files") == (1, 95)
    landing.sweep(layout, catalog)


@pytest.mark.parametrize("join", [True, False])
def test_both_ways_of_the_guard_find_the_same(layout, catalog, join, monkeypatch):
    import vitrine_warehouse.guard as module

    monkeypatch.setattr(module, "JOIN_MAX", 10**9 if join else 0)
    # So little that the sort takes several buckets.
    monkeypatch.setattr(module, "BUCKET_BYTES_MAX", 24 * 500)
    made = World(3, "2024-01-01", 60, 4_000, 8, nodes=1)
    for one in made.segments:
        write(one, layout.root)
        land(layout, catalog)
        guard(layout, catalog, LIMITS, Progress(io.StringIO()))
    days: dict[tuple[int, int], set[str]] = {}
    for one in made.segments:
        for line in one.lines:
            days.setdefault(line.event.identity, set()).add(line.event.day)
    expected = {identity for identity, found in days.items() if len(found) > 1}
    assert len(expected) > 20
    assert set(catalog.all("select id_high, id_low from conflicts")) == expected


def test_one_run_at_a_time(layout):
    with locked(layout), pytest.raises(Fault, match="another run"):
        with locked(layout):
            pass


@pytest.mark.parametrize("name, text, what", [
    ("rates.csv", "from,to,content_type,plan,country,rate\n,,,,,-1\n", "line 2: -1 is not from 0"),
    ("rates.csv", "from,to,content_type,plan,country,rate\n,,,,,0.0000000001\n", "at most nine digits"),
    ("rates.csv", "from,to,content_type,plan,country,rate\n,,,,,NaN\n", "line 2"),
    ("rates.csv", "from,to,content_type,plan,country,rate\n2024-1-1,,,,,1\n", "is no day"),
    ("rates.csv", "rate\n1\n", "does not begin with"),
    ("counting.csv", "content_type,rule\nphoto,twice\n", "not one of per_day"),
    ("counting.csv", "content_type,rule\nphoto,per_day\nphoto,per_day\n", "line 3: 'photo' stands twice"),
    ("caps.csv", "scope,from,to,uses\neverybody,,,3\n", "not one of user"),
    ("caps.csv", "scope,from,to,uses\nuser,,,many\n", "no number of uses"),
    ("caps.csv", "scope,from,to,uses\nuser,,3\n", "3 values, not 4"),
    ("periods.csv", "period,grace_days\n2024-13,3\n", "no period"),
    ("periods.csv", "period,grace_days\n\"2024,3\n", "line"),
])
def test_a_wrong_line_of_the_configuration_is_named(layout, name, text, what):
    (layout.config / name).write_text(text)
    with pytest.raises(Fault, match=what):
        configuration.read(layout, PROJECT)


def test_statements_cannot_be_changed_unseen(layout):
    before = statements.Statements()
    digest = statements.freeze(layout, "2024-01", [("2024-01", "2024-01", "ann", 1, "0.01")], [], before, 1)
    read = statements.read(layout)
    assert (read.digest, read.periods) == (digest, ["2024-01"])
    path = layout.closed / "2024-01" / "rows.csv"
    path.chmod(0o644)
    path.write_text(path.read_text().replace("0.01", "9.01"))
    with pytest.raises(Fault, match="was changed: rows.csv"):
        statements.read(layout)


@pytest.mark.parametrize("period, today, open_periods, what", [
    ("2024-2", "2024-05-01", [], "is no period"),
    ("2024-01", "2024-05-01", [], "closed already"),
    ("2024-03", "2024-04-03", [], "stays open until 2024-04-04"),
    ("2024-03", "2024-05-01", ["2024-02", "2024-03"], "2024-02 is still open"),
])
def test_a_period_is_closed_in_its_turn_and_after_its_grace(layout, period, today, open_periods, what):
    closed = statements.Statements(["2024-01"])
    settings = configuration.Configuration([], [], [], {"": 3})
    with pytest.raises(Fault, match=what):
        statements.check(period, datetime.date.fromisoformat(today), closed, settings, open_periods)


def test_batches_hold_few_enough_lines_and_every_stale_day():
    lines = {f"2024-01-{day:02}": 10 for day in range(1, 31)} | {"2024-02-10": 500}
    stale = ["2023-01-01", "2024-01-01", "2024-01-03", "2024-01-20", "2024-01-21", "2024-02-10"]
    work = plan(stale, lines, 50)
    assert work.batches == [("2023-01-01", "2023-01-01"), ("2024-01-01", "2024-01-03"), ("2024-01-20", "2024-01-21"),
                            ("2024-02-10", "2024-02-10")]
