"""What is counted and paid equals the oracle, over adversarial days, however the segments come."""

from __future__ import annotations

import random

from world import World


def rich(settings) -> None:
    settings.rates = [
        ("", "", "", "", "", "0.003333333"), ("2024-03-01", "", "", "", "", "0.01"),
        ("", "2024-06-15", "photo", "", "", "0.025"), ("", "", "photo", "pro", "", "0.125"),
        ("2024-02-10", "2024-05-10", "", "pro", "DE", "1.000000005"), ("", "", "", "", "JP", "0"),
        ("2024-02-10", "2024-05-10", "", "pro", "DE", "1.1"), ("2024-01-05", "", "", "team", "", "0.005"),
        ("", "", 'odd, "type"', "", "AU", "999999999"),
    ]
    settings.counting = {"font": "every_event", 'odd, "type"': "every_event", "photo": "per_day"}


def pytest_generate_tests(metafunc) -> None:
    """Two worlds, and twenty with --deep."""
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(20 if metafunc.config.getoption("--deep") else 2))


def replayed(segments) -> int:
    """How many segments have the bytes of another."""
    return len(segments) - len({"".join(line.csv() for line in segment.lines) for segment in segments})


def test_marts_equal_the_oracle_wave_after_wave(bench, seed):
    chance = random.Random(seed)
    made = World(seed, "2023-12-20", days=400, events=9_000, segments=15)
    assert seed > 1 or replayed(made.segments)
    rich(bench.settings)
    waves = [[] for _ in range(3)]
    for segment in made.segments:
        waves[min(2, chance.randrange(4))].append(segment)
    held: dict[str, list] = {}
    for wave in waves:
        # Arrival among nodes is in any order; a node's numbers come without gaps.
        ready = []
        for segment in wave:
            held.setdefault(segment.node, []).append(segment)
        for node, segments in held.items():
            done = sum(1 for one in bench.segments if one.node == node)
            segments.sort(key=lambda one: one.number)
            while segments and segments[0].number == done + 1:
                ready.append(segments.pop(0))
                done += 1
        bench.receive(ready)
        bench.run()
        bench.check()
    bench.receive([segment for segments in held.values() for segment in segments])
    entry = bench.run(deep=True)
    answer = bench.check()
    assert len(answer.quarantine) > 100 and answer.duplicates > 500
    assert bench.run(full=True)["marts"] == entry["marts"]
    bench.check()


def test_caps_take_the_later_uses_of_users_and_creators(bench):
    made = World(11, "2024-01-25", days=40, events=3_000, segments=6)
    rich(bench.settings)
    bench.settings.caps = [("user", "", "2024-02-20", 5), ("user", "2024-02-01", "2024-02-10", 2),
                           ("creator", "2024-01-28", "", 3)]
    bench.receive(made.segments[:4])
    bench.run()
    answer = bench.check()
    assert sum(capped for _, _, capped in answer.daily.values()) > 100
    bench.receive(made.segments[4:])
    bench.run(deep=True)
    bench.check()
    # A changed configuration changes what was counted before.
    bench.settings.caps = [("creator", "", "", 4)]
    bench.settings.counting = {"photo": "every_event"}
    bench.run()
    bench.check()


def test_closed_periods_stay_and_differences_move_to_the_next_open_one(bench):
    made = World(5, "2023-12-28", days=100, events=4_000, segments=10, nodes=1)
    rich(bench.settings)
    bench.receive(made.segments[:4])
    bench.run()
    bench.close("2023-12")
    frozen = {path: path.read_bytes() for path in (bench.layout.closed / "2023-12").iterdir()}
    bench.check()
    bench.receive(made.segments[4:7])
    bench.settings.rates.append(("", "", "photo", "", "", "0.02"))
    bench.run()
    bench.check()
    _, adjustments = bench.books.rows(bench.answer())
    assert {key[:2] for key in adjustments} == {("2024-01", "2023-12")}
    bench.close("2024-01")
    bench.check()
    bench.receive(made.segments[7:])
    bench.settings.counting = {}
    entry = bench.run()
    bench.check()
    _, adjustments = bench.books.rows(bench.answer())
    assert {key[:2] for key in adjustments} >= {("2024-01", "2023-12"), ("2024-02", "2023-12"), ("2024-02", "2024-01")}
    assert {path: path.read_bytes() for path in frozen} == frozen
    assert bench.run(full=True)["marts"] == entry["marts"]
    bench.check()
