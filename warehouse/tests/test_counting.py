"""What is counted and paid equals the oracle, over adversarial days, however the segments come."""

from __future__ import annotations

import random

import pytest
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


@pytest.mark.parametrize("seed", range(3))
def test_marts_equal_the_oracle_wave_after_wave(bench, seed):
    chance = random.Random(seed)
    made = World(seed, "2023-12-20", days=400, events=12_000, segments=24)
    rich(bench.settings)
    waves = [[] for _ in range(4)]
    for segment in made.segments:
        waves[min(3, chance.randrange(5))].append(segment)
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
