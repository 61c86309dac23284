"""`quarantine.json`: what people see of identities whose copies disagree."""

import dataclasses
import json

from vitrine_warehouse import evidence

from world import Event, Line, Segment, start_of

NOON = start_of("2026-01-05") + 43_200_000_000


def event(number: int, **more) -> Event:
    return dataclasses.replace(Event("/app", str(number), NOON, "c1", "picture", "ada", f"u{number}"), **more)


def told(bench) -> dict:
    return json.loads((bench.layout.root / "quarantine.json").read_bytes())


def test_the_values_that_differ_are_told_and_the_newest_come_first(bench):
    good, other, moved = event(1), event(2), event(3)
    bench.receive([Segment("a", 1, [
        Line(good, NOON), Line(good, NOON + 5), Line(other, NOON + 1),
        Line(dataclasses.replace(other, creator_id="bob", plan="pro"), NOON + 2), Line(other, NOON + 3),
        Line(moved, NOON + 4), Line(dataclasses.replace(moved, occurred_us=NOON - 86_400_000_000), NOON + 9),
    ])])
    entry = bench.run()
    found = told(bench)
    assert (found["total"], found["run"], [row["id"] for row in found["rows"]]) == (2, entry["run"], ["3", "2"])
    by_day, by_content = found["rows"]
    assert by_content["differs"] == ["creator_id", "plan"] and by_content["copies"] == 3
    assert [(one["copies"], one["values"]["creator_id"], one["values"].get("plan"), one["line"])
            for one in by_content["contents"]] == [(2, "ada", None, 3), (1, "bob", "pro", 4)]
    assert by_day["differs"] == ["occurred_us"] and by_day["days"] == ["2026-01-04", "2026-01-05"]
    assert by_day["reason"] == "day" and by_day["lastReceived"] == NOON + 9


def test_the_file_is_written_only_when_the_quarantine_changed(bench):
    bench.receive([Segment("a", 1, [Line(event(1), NOON)])])
    bench.run()
    assert (told(bench)["total"], told(bench)["rows"], told(bench)["run"]) == (0, [], 1)
    bench.receive([Segment("a", 2, [Line(event(2), NOON)])])
    bench.run()
    assert told(bench)["run"] == 1
    bench.receive([Segment("a", 3, [Line(event(2, country="CH"), NOON)])])
    bench.run()
    assert (told(bench)["total"], told(bench)["run"]) == (1, 3)
    before = (bench.layout.root / "quarantine.json").read_bytes()
    bench.run(full=True)
    assert json.loads(before)["rows"] == told(bench)["rows"]


def test_only_so_much_is_told(bench, monkeypatch):
    monkeypatch.setattr(evidence, "IDENTITIES_MAX", 5)
    monkeypatch.setattr(evidence, "CONTENTS_MAX", 2)
    lines = [Line(event(number, action=f"{copy}" * 250, extra="{" + "x" * 400 + f"{copy}}}"), NOON + number)
             for number in range(9) for copy in range(3)]
    bench.receive([Segment("a", 1, lines)])
    bench.run()
    found = told(bench)
    assert found["total"] == 9 and [row["id"] for row in found["rows"]] == ["8", "7", "6", "5", "4"]
    assert [(row["different"], len(row["contents"])) for row in found["rows"]] == [(3, 2)] * 5
    assert found["rows"][0]["differs"] == ["action", "extra"]
    assert len(found["rows"][0]["contents"][0]["values"]["extra"]) == evidence.TEXT_MAX + 1
    monkeypatch.setattr(evidence, "BYTES_MAX", 3_000)
    data = evidence.fitting({"total": 9}, found["rows"])
    assert len(data) <= 3_100 and 0 < len(json.loads(data)["rows"]) < 5
