"""The collector killed while events come in: whatever was acknowledged is in the store in the end."""

import random
import threading
import time

import requests

from collecting import Collector, use

ROUNDS = 8
SENDERS = 4


def keep_sending(server, acknowledged, over, sizes):
    """Sends batches until the server dies."""
    while not over.is_set():
        events = [use(source="/crash") for _ in range(sizes.choice([1, 7, 60]))]
        try:
            if server.send(*events).status_code == 202:
                acknowledged.update(event["id"] for event in events)
        except requests.RequestException:
            return


def test_acknowledged_events_survive_kills(tmp_path):
    chance = random.Random(5)
    acknowledged = set()
    flags = ["--usage-segment-age", "300ms", "--usage-segment-size", "64KiB"]
    for turn in range(ROUNDS):
        server = Collector(tmp_path, *flags)
        over = threading.Event()
        senders = [threading.Thread(target=keep_sending, args=(server, acknowledged, over, sizes))
                   for sizes in (random.Random(turn * 10 + number) for number in range(SENDERS))]
        try:
            goal = len(acknowledged) + 100
            for sender in senders:
                sender.start()
            server.wait_for(lambda: len(acknowledged) >= goal, "acknowledged events")
            time.sleep(chance.random() * 0.5)
        finally:
            server.kill()
            over.set()
            for sender in senders:
                sender.join()
    last = Collector(tmp_path, *flags)
    try:
        last.wait_for(lambda: last.counter("vitrine_usage_disk_bytes") == 0, "everything shipped")
        lines = last.shipped()
        found = {line["id"] for line in lines}
        assert acknowledged <= found, len(acknowledged - found)
        assert len(lines) == len(found), "nothing is in the store twice"
        numbers = [int(name.rsplit("/", 1)[1].split(".")[0]) for name in last.objects("manifests")]
        assert sorted(numbers) == list(range(min(numbers), min(numbers) + len(numbers))), "no gaps"
    finally:
        last.kill()


def test_a_store_that_is_away_costs_nothing_but_time(tmp_path):
    server = Collector(tmp_path, "--usage-segment-age", "200ms")
    try:
        assert server.send(use()).status_code == 202
        server.wait_for(lambda: len(server.shipped()) == 1, "the first line")
        folder = tmp_path / "store" / "usage"
        moved = tmp_path / "away"
        folder.rename(moved)
        folder.write_text("in the way")
        events = [use() for _ in range(20)]
        for event in events:
            assert server.send(event).status_code == 202
        server.wait_for(lambda: server.counter("vitrine_usage_shipments_failed_total") > 0, "a failed shipment")
        assert server.counter("vitrine_usage_shipping_lag_seconds") > 0
        folder.unlink()
        moved.rename(folder)
        server.wait_for(lambda: len(server.shipped()) == 21, "all lines")
        server.wait_for(lambda: server.counter("vitrine_usage_disk_bytes") == 0, "an empty disk")
        assert server.counter("vitrine_usage_shipping_lag_seconds") == 0
    finally:
        server.kill()
