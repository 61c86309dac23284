"""A disk without room under a collector and under a run. A small file system in memory takes the disk's part."""

import contextlib
import os
import subprocess

import pytest
import requests

from collecting import Collector, use
from counting import Counting, agrees, progress
from edge_under_test import eventually
from usage_shelf import Shelf, line

MEBIBYTE = 1 << 20
# A collector leaves 256 MiB to others, and a run wants 64 MiB beside the segments.
SIZE = 640
STAGES = ["land", "model", "export"]


@pytest.fixture
def disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "vitrine-test", folder],
                          capture_output=True, text=True)
    if made.returncode != 0:
        pytest.skip(f"a file system of the test's own needs root: {made.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def fill(disk, left=0):
    """Takes all but so many MiB."""
    free = os.statvfs(disk)
    with open(disk / "filler", "ab") as file:
        size = file.tell() + free.f_bavail * free.f_frsize - left * MEBIBYTE
        with contextlib.suppress(OSError):
            os.posix_fallocate(file.fileno(), 0, max(size, 1))
    if left == 0:
        # To the last block.
        with open(disk / "crumbs", "ab", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(b"x" * 512):
                pass


def empty(disk):
    for name in ("filler", "crumbs"):
        with contextlib.suppress(FileNotFoundError):
            (disk / name).unlink()


def events(number, count=50):
    return [use(id=f"{number}-{place}", time="2025-01-06T08:00:00Z",
                data={"content_id": f"c{place}", "creator_id": f"m{place % 7}", "user_id": f"u{number}",
                      "note": "x" * 500}) for place in range(count)]


@pytest.mark.parametrize("left", [200, 0])
def test_a_collector_says_that_there_is_no_room_and_goes_on_when_there_is(tmp_path, disk, usage_python, left):
    store = ["--store", f"file:{tmp_path / 'store'}"]
    server = Collector(disk / "data", *store, "--usage-segment-age", "300ms", roles="all")
    taken = []
    try:
        def send(number):
            answer = server.send(*events(number))
            if answer.status_code == 202:
                taken.extend(events(number))
            else:
                assert answer.status_code == 503, answer.text
                assert answer.json()["type"].endswith("store-failed") and int(answer.headers["Retry-After"]) >= 1
            return answer.status_code

        assert send(0) == 202
        fill(disk, left)
        # What was measured a moment ago may still hold.
        eventually(lambda: send(len(taken)) == 503, "no room", 30)
        refused = [send(10_000 + number) for number in range(20)]
        assert set(refused) == {503}
        assert requests.get(server.url + "/health", timeout=30).status_code == 200
        empty(disk)
        eventually(lambda: send(20_000) == 202, "room again", 30)
        fill(disk, left)
        eventually(lambda: send(30_000 + len(taken)) == 503, "no room", 30)
        server.kill()
        empty(disk)
        server = Collector(disk / "data", *store, "--usage-segment-age", "300ms")
        assert send(40_000) == 202
        counting = Counting(disk / "data", usage_python, *store)
        counting.run()
        agrees(counting, taken)
    finally:
        server.kill()


def test_a_collector_without_room_is_not_ready(tmp_path, disk):
    server = Collector(disk / "data", "--store", f"file:{tmp_path / 'store'}")
    try:
        assert server.send(*events(1)).status_code == 202
        assert requests.get(server.url + "/ready", timeout=30).status_code == 200
        fill(disk, 200)
        eventually(lambda: server.send(*events(2)).status_code == 503, "no room", 30)
        eventually(lambda: requests.get(server.url + "/ready", timeout=30).status_code == 503, "not ready", 10)
        empty(disk)
        eventually(lambda: server.send(*events(3)).status_code == 202, "room again", 30)
        eventually(lambda: requests.get(server.url + "/ready", timeout=30).status_code == 200, "ready", 10)
    finally:
        server.kill()


def test_a_run_without_room_leaves_the_tables_as_they_were(tmp_path, disk, usage_python):
    shelf = Shelf(disk / "data")
    shelf.store = tmp_path / "store"
    counting = Counting(shelf.data, usage_python, "--store", f"file:{shelf.store}")
    numbers = iter(range(1, 10_000_000))

    def ship(number):
        shelf.ship("a", number, [line(f"e{n}", user=f"u{n % 500}", content=f"c{n}", creator=f"m{n % 50}")
                                 for n in (next(numbers) for _ in range(3_000))])

    ship(1)
    counting.run()
    total = 3_000
    for number, stage in enumerate(STAGES, 2):
        ship(number)
        before = (counting.daily(), counting.payouts())
        assert sum(before[0].values()) == total
        run = counting.start()
        try:
            text = next(entry for entry in run.stdout if f'"stage":"{stage}"' in entry)
            fill(disk)
            rest = run.stdout.read()
            code = run.wait(60)
        finally:
            run.kill()
        if code == 0:
            # It had all the room that it needed.
            total += 3_000
        else:
            last = progress_of(text + rest)
            assert code == 1 and "room" in last["remedy"], (stage, last)
            assert (counting.daily(), counting.payouts()) == before, stage
        empty(disk)
        if code != 0:
            assert counting.run()["counts"]["lines"] == number * 3_000
            total += 3_000
    fill(disk)
    before = (counting.daily(), counting.payouts())
    error, remedy = counting.refused()
    assert "room" in remedy, (error, remedy)
    assert (counting.daily(), counting.payouts()) == before
    empty(disk)
    marts = counting.run()["marts"]
    assert counting.run("--full")["marts"] == marts
    assert sum(counting.daily().values()) == total


def progress_of(text):
    return progress(subprocess.CompletedProcess([], 0, text))[-1]
