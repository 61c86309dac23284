"""Thousands of days in one run, as when last years' segments are replayed, and again day by day."""

from __future__ import annotations

from world import World


def test_very_many_days_at_once_equal_the_oracle(bench, deep):
    days = 2_500 if deep else 1_300
    made = World(21, "2018-01-01", days=days, events=days * 5, segments=3, nodes=2)
    bench.receive(made.segments[:2])
    first = bench.run()
    assert first["days"] > days // 2
    bench.check()
    bench.receive(made.segments[2:])
    second = bench.run()
    assert 0 < second["days"] < days
    answer = bench.check()
    assert len({key[0] for key in answer.daily}) > days * 3 // 4
