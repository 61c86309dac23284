"""Segments that are damaged, lost, put twice, empty or replayed: a run names them or counts them right."""

import hashlib
import json
import shutil

import pytest
import zstandard

from counting import Counting
from usage_shelf import Shelf, line

DAY = 86_400_000_000
START = 1_735_689_600_000_000  # 2025-01-01


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path / "data")


@pytest.fixture
def counting(shelf, usage_python):
    return Counting(shelf.data, usage_python)


def event(number, **more):
    return line(str(number), **{"user": f"u{number}", "occurred_us": START + number * 1_000_000, **more})


def uses(counting):
    return sum(counting.daily().values())


def copy(shelf, number, node, to_number, to_node):
    """The same object under another number or node, with a manifest that says so."""
    manifest = json.loads(shelf.manifest(node, number).read_text())
    key = f"usage/segments/{to_node}/{to_number:020}-{manifest['sha256']}.csv.zst"
    place = shelf.store / key
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(shelf.object(node, number), place)
    shelf.manifest(to_node, to_number).parent.mkdir(parents=True, exist_ok=True)
    shelf.manifest(to_node, to_number).write_text(
        json.dumps({**manifest, "node": to_node, "number": to_number, "object": key}))


def test_damage_stops_the_run_by_name_and_after_the_repair_it_goes_on(shelf, counting):
    shelf.ship("a", 1, [event(1), event(2)])
    before = counting.run()
    shelf.ship("a", 2, [event(3)])
    shelf.ship("a", 3, [event(4)])
    path = shelf.object("a", 2)
    whole = path.read_bytes()
    for damaged in (whole[:-1], whole + b"\0", whole[:20] + bytes([whole[20] ^ 1]) + whole[21:], b"", None):
        path.unlink(missing_ok=True)
        if damaged is not None:
            path.write_bytes(damaged)
        error, remedy = counting.refused()
        assert "segment 2 of node a" in error and "run again" in remedy, error
    assert uses(counting) == 2 and counting.call("status", "--json").returncode == 0
    path.write_bytes(whole)
    assert counting.run()["run"] > before["run"]
    assert uses(counting) == 4


def test_a_fetched_copy_that_rots_is_fetched_again(shelf, counting):
    shelf.ship("a", 1, [event(1), event(2)])
    first = counting.run()
    (copy,) = (shelf.data / "usage/warehouse/segments/a").iterdir()
    # Its own file, not the store's by another name.
    body = copy.read_bytes()
    copy.unlink()
    copy.write_bytes(body[:-4] + b"rots")
    assert counting.run("--full")["marts"] == first["marts"]
    assert copy.read_bytes() == body


def test_last_years_events_sent_again_change_nothing(shelf, counting):
    lines = [event(number) for number in range(1, 41)]
    shelf.ship("a", 1, lines[:20])
    shelf.ship("a", 2, lines[20:])
    first = counting.run()
    later = [event(number, received_us=START + 365 * DAY + number) for number in range(1, 41)]
    shelf.ship("a", 3, later[::-1])
    shelf.ship("b", 1, later)
    again = counting.run()
    assert again["marts"] == first["marts"] and again["export"] is None
    assert again["counts"]["duplicates"] == 80 and uses(counting) == 40
    assert counting.run("--full")["marts"] == first["marts"]


def test_an_object_that_was_put_again_under_other_numbers_and_nodes_counts_once(shelf, counting):
    shelf.ship("a", 1, [event(1), event(2)])
    first = counting.run()
    copy(shelf, 1, "a", 1, "b")
    copy(shelf, 1, "a", 2, "a")
    second = counting.run()
    assert second["marts"] == first["marts"] and second["counts"]["duplicates"] == 4
    # What follows those copies is counted too.
    shelf.ship("a", 3, [event(3)])
    shelf.ship("b", 2, [event(4)])
    third = counting.run()
    assert uses(counting) == 4 and third["counts"]["duplicates"] == 4
    assert counting.run("--full")["marts"] == third["marts"]


def test_a_segment_without_lines_keeps_a_place_and_nothing_else(shelf, counting):
    shelf.ship("a", 1, [event(1)])
    shelf.ship("a", 2, [])
    shelf.ship("a", 3, [event(2)])
    counting.run()
    assert uses(counting) == 2


def test_what_unpacks_to_far_more_than_a_segment_has_is_named(shelf, counting):
    shelf.ship("a", 1, [event(1)])
    counting.run()
    bomb = zstandard.ZstdCompressor(level=19).compress(b"0" * (256 << 20))
    digest = hashlib.sha256(bomb).hexdigest()
    shelf.ship("a", 2, [event(2)])
    manifest = json.loads(shelf.manifest("a", 2).read_text())
    key = f"usage/segments/a/{2:020}-{digest}.csv.zst"
    (shelf.store / key).write_bytes(bomb)
    shelf.manifest("a", 2).write_text(
        json.dumps({**manifest, "object": key, "sha256": digest, "bytes": len(bomb)}))
    error, _ = counting.refused()
    assert digest in error, error
    assert uses(counting) == 1


def test_two_segments_that_claim_one_number_are_told(shelf, counting):
    shelf.ship("a", 1, [event(1)])
    counting.run()
    counted = shelf.manifest("a", 1)
    kept = counted.read_bytes()
    counted.unlink()
    shelf.ship("a", 1, [event(2)])
    error, _ = counting.refused()
    assert "claims a number that is taken" in error or "not the one that was counted" in error, error
    assert uses(counting) == 1
    counted.write_bytes(kept)
    shelf.ship("a", 2, [event(3)])
    counting.run()
    assert uses(counting) == 2


def test_a_lost_catalog_is_made_again_from_the_store(shelf, counting):
    shelf.ship("a", 1, [event(1), event(2)])
    first = counting.run()
    root = shelf.data / "usage/warehouse"
    for path in root.glob("catalog.sqlite*"):
        path.unlink()
    for path in (root / "segments/a").iterdir():
        path.unlink()
    # Whatever it says: no payout may vanish.
    done = counting.call("run", "--json", check=False)
    if done.returncode != 0:
        counting.run("--full")
    assert uses(counting) == 2 and counting.run("--full")["marts"] == first["marts"]
