"""The files others read are, byte for byte, the golden ones. `UPDATE_GOLDENS=1` writes them anew."""

from __future__ import annotations

import os

from conftest import PROJECT
from world import Event, Line, Segment, start_of

GOLDENS = PROJECT.parent / "Tests" / "Fixtures" / "usage-warehouse"


def event(number: int, day: str, creator: str, user: str) -> Event:
    return Event("web", str(number), start_of(day) + number, f"c{number % 2}", "photo", creator, user)


def test_exports_and_statements_are_the_golden_ones(bench):
    bench.settings.rates = [("", "", "", "", "", "0.0125")]
    january = [event(1, "2024-01-30", "ann", "u"), event(2, "2024-01-31", 'a "b", c', "u"),
               event(3, "2024-01-31", "ann", "v"), event(4, "2024-02-01", "ann", "v")]
    received = start_of("2024-02-01") + 5_000_000
    bench.receive([Segment("a", 1, [Line(one, received + at) for at, one in enumerate(january)])])
    bench.run()
    bench.close("2024-01")
    # An event of January comes late, and one turns out to disagree with another copy.
    late = [event(5, "2024-01-31", "bob", "w"), event(4, "2024-02-01", "eve", "v")]
    bench.receive([Segment("a", 2, [Line(one, received + 90_000_000_000) for one in late])])
    bench.run()
    bench.check()
    written = {}
    for top in (bench.layout.exports, bench.layout.closed):
        for path in sorted(top.rglob("*")):
            if path.is_file():
                written[f"{top.name}/{path.relative_to(top)}"] = path.read_bytes()
    if os.environ.get("UPDATE_GOLDENS"):
        for name, data in written.items():
            path = GOLDENS / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    golden = {str(path.relative_to(GOLDENS)): path.read_bytes() for path in sorted(GOLDENS.rglob("*"))
              if path.is_file() and path.name != "README.md"}
    assert written == golden
