"""Thousands of days in one run, as when last years' segments are replayed, and again day by day."""

from __future__ import annotations

from world import World


def test_thousands_of_days_at_once_equal_the_oracle(bench):
    made = World(21, "2018-01-01", days=2_500, events=12_000, segments=4, nodes=2)
    bench.receive(made.segments[:3])
    first = bench.run()
    assert first["days"] > 1_500
    bench.check()
    bench.receive(made.segments[3:])
    second = bench.run()
    assert 0 < second["days"] < 1_500
    answer = bench.check()
    assert len({key[0] for key in answer.daily}) > 2_000
