"""Deliveries and exposures that edges report are added up exactly, each event once."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter

import pytest
from conftest import PROJECT
from world import DAY_US, Event, Line, Segment, start_of

DELIVERY = "com.vitrine.delivery.v1"
FIRST = "2026-03-30"


def delivery(number: int, node: str, content: str, status: int, requests: int, sent: int, at: int,
             action: str = "delivered") -> Event:
    data = {"status": status, "requests": requests, "bytes": sent}
    extra = json.dumps({"data": data, "attributes": {"tenant": "pictures", "node": node}}, separators=(",", ":"))
    return Event(f"/nodes/{node}/deliveries", f"00000000000000aa-{number}", at, content, "picture", None, None, action,
                 type=DELIVERY, extra=extra)


def exposure(number: int, app: str, experiment: str, variation: str, at: int, kind: str = "vitrine.exposure") -> Event:
    data = {"experiment": experiment, "variation": variation, "attribute": "id", "unit": f"u{number}", "record": "ab"}
    return Event(f"/apps/{app}/experiments", f"{number:032x}", at, None, None, None, None, None, type=kind,
                 extra=json.dumps({"data": data}, separators=(",", ":"), ensure_ascii=False))


def lines(events: list[Event]) -> list[Line]:
    return [Line(event, start_of(FIRST) + 5 * DAY_US + place) for place, event in enumerate(events)]


def ask(bench, verb: str, *flags: str) -> list[dict]:
    code = ("import sys; sys.path.insert(0, sys.argv[1]); from vitrine_warehouse.__main__ import main; "
            "sys.exit(main(sys.argv[2:]))")
    done = subprocess.run([sys.executable, "-c", code, str(PROJECT), verb, "--root", str(bench.layout.root), "--format",
                           "json", *flags], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.fixture
def counted(bench):
    """Three days of two nodes, sent twice, on two collectors."""
    chance = random.Random(5)
    expected: Counter = Counter()
    events = []
    for number in range(600):
        day, node = chance.randrange(3), chance.choice(["edge-a", "edge-b"])
        status = chance.choice([200, 206, 304])
        action = "relayed" if chance.random() < 0.1 else "revalidated" if status == 304 else "delivered"
        requests, sent = chance.randrange(1, 1_000), 0 if status == 304 else chance.randrange(1 << 50)
        content = chance.choice(["original://cat", "original://dog", 'http://a/"x,y"', "caf\u00e9", "cafe\u0301"])
        at = start_of(FIRST) + day * DAY_US + chance.choice([0, DAY_US - 1, chance.randrange(DAY_US)])
        event = delivery(number, node, content, status, requests, sent, at, action)
        events.append(event)
        key = (event.day, f"/nodes/{node}/deliveries", content, action, status)
        expected[key, "requests"] += requests
        expected[key, "bytes"] += sent
        expected[key, "events"] += 1
    bench.receive([Segment("m", 1, lines(events)), Segment("n", 1, lines(events[200:]))])
    bench.run()
    return bench, expected


def test_deliveries_add_up_to_the_last_request_and_byte(counted):
    bench, expected = counted
    rows = ask(bench, "deliveries", "--from", FIRST, "--to", "2026-04-30", "--contents")
    found: Counter = Counter()
    for row in rows:
        key = (row["day"], row["source"], row["content_id"], row["action"], row["status"])
        for name in ("requests", "bytes", "events"):
            found[key, name] += row[name]
    assert found == expected
    assert bench.check().deliveries


def test_deliveries_are_told_without_contents_and_for_the_days_asked_for(counted):
    bench, expected = counted
    day = "2026-03-31"
    rows = ask(bench, "deliveries", "--from", day, "--to", day)
    assert {row["day"] for row in rows} == {day} and "content_id" not in rows[0]
    assert [(row["source"], row["action"], row["status"]) for row in rows] == sorted(
        (row["source"], row["action"], row["status"]) for row in rows)
    assert sum(row["requests"] for row in rows) == sum(
        count for (key, name), count in expected.items() if name == "requests" and key[0] == day)


def test_an_event_that_does_not_say_how_many_is_one_delivery(bench):
    at = start_of(FIRST)
    plain = [Event("s", str(number), at, "c", "picture", None, None, "delivered", type=DELIVERY, extra=extra)
             for number, extra in enumerate([None, '{"data":{"requests":-3}}', '{"data":{"requests":2.5}}',
                                             '{"data":{"requests":"7","bytes":1e3}}', '{"data":{"requests":null}}',
                                             '{"attributes":{"requests":9}}'])]
    bench.receive([Segment("m", 1, lines(plain))])
    bench.run()
    row, = ask(bench, "deliveries", "--from", FIRST, "--to", FIRST)
    assert (row["events"], row["requests"], row["bytes"], row["status"]) == (6, 5 + 7, 0, None)


def test_exposures_are_counted_once_by_experiment(bench):
    at = start_of(FIRST)
    events = [exposure(number, "shop", "colour", str(number % 2), at + number) for number in range(11)]
    events += [exposure(50 + number, "shop", 'a "b", c', "on", at) for number in range(3)]
    events += [exposure(90, "news", "colour", "0", at + DAY_US, "com.vitrine.exposure.v1")]
    bench.receive([Segment("m", 1, lines(events)), Segment("n", 1, lines(events[3:]))])
    bench.run()
    rows = ask(bench, "exposures", "--from", FIRST, "--to", "2026-03-31")
    assert [(row["day"], row["source"], row["experiment"], row["variation"], row["exposures"]) for row in rows] == [
        (FIRST, "/apps/shop/experiments", 'a "b", c', "on", 3), (FIRST, "/apps/shop/experiments", "colour", "0", 6),
        (FIRST, "/apps/shop/experiments", "colour", "1", 5), ("2026-03-31", "/apps/news/experiments", "colour", "0", 1)]
