"""Collectors and runs are killed at random moments; in the end every acknowledged event counts once."""

import queue
import random
import signal
import threading
import time
from decimal import Decimal

import requests

from collecting import Collector, use
from counting import Counting, agrees, expected, served
from edge_under_test import eventually

DAYS = ["2025-02-27", "2025-02-28", "2025-03-01", "2025-03-02"]
RATE = Decimal("0.003333333")
RATES = ["from,to,content_type,plan,country,rate", f",,,,,{RATE}"]
EVERY = ("stream",)
COUNTING = ["content_type,rule", "stream,every_event"]
BATCHES, SENDERS, COLLECTORS = 160, 4, 2
COLLECTOR_KILLS, RUN_KILLS = 6, 5
FLAGS = ["--usage-segment-age", "400ms", "--usage-segment-size", "64KiB"]


def batches(chance):
    """Batches of events: many of one user and content and day, copies, replays of batches, a few that disagree."""
    made = []
    for number in range(BATCHES):
        if made and chance.random() < 0.1:
            made.append(chance.choice(made))
            continue
        events = []
        for place in range(chance.choice([1, 20, 60])):
            content = min(int(chance.paretovariate(0.8)), 400)
            events.append(use(
                id=f"{number}-{place}", source=f"/apps/{number % 3}",
                time=f"{chance.choice(DAYS)}T{chance.randrange(24):02}:{chance.randrange(60):02}:00Z",
                data={"content_id": f"c{content}", "content_type": "stream" if content % 5 == 0 else "photo",
                      "creator_id": f"création \"{content % 23}\"", "user_id": f"u{chance.randrange(40)}"}))
            if chance.random() < 0.03:
                events.append(chance.choice(events))
            if chance.random() < 0.005:
                events.append({**chance.choice(events), "time": "2025-03-05T00:00:00Z"})
        made.append(events)
    return made


class Sending:
    """Sends batches from several threads to whichever collector is up, each until a 202."""

    def __init__(self, made, collectors):
        self.left = queue.SimpleQueue()
        for events in made:
            self.left.put(events)
        self.collectors = collectors
        self.acknowledged = 0
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.send, daemon=True) for _ in range(SENDERS)]
        for thread in self.threads:
            thread.start()

    def send(self):
        chance = random.Random(7)
        while not self.over.is_set():
            try:
                events = self.left.get_nowait()
            except queue.Empty:
                return
            while not self.over.is_set():
                try:
                    # One that is down when it was chosen is no key any more.
                    if self.collectors[chance.randrange(COLLECTORS)].send(*events).status_code == 202:
                        break
                except (requests.RequestException, KeyError):
                    time.sleep(0.02)
            self.acknowledged += 1

    def reached(self, share):
        return self.acknowledged >= BATCHES * share

    def finish(self, seconds=120):
        for thread in self.threads:
            thread.join(seconds)
        assert not any(thread.is_alive() for thread in self.threads), "batches that no collector took"


class Fleet:
    """Two collectors with folders of their own and one store."""

    def __init__(self, folder, store):
        self.folder, self.store = folder, store
        self.up = {}

    def start(self):
        for number in range(COLLECTORS):
            if number not in self.up:
                self.up[number] = Collector(self.folder / f"data{number}", *self.store, *FLAGS)

    def kill(self, number):
        if collector := self.up.pop(number, None):
            collector.kill()


def test_every_acknowledged_event_counts_once_whatever_is_killed(tmp_path, usage_python):
    """The runs are beside the first collector."""
    chance = random.Random(3)
    made = batches(chance)
    store = ["--store", f"file:{tmp_path / 'store'}"]
    counting = Counting(tmp_path / "data0", usage_python, *store)
    counting.configure(rates=RATES, counting=COUNTING)
    fleet = Fleet(tmp_path, store)
    fleet.start()
    sending = Sending(made, fleet.up)
    runs = []
    try:
        for turn in range(COLLECTOR_KILLS):
            share = (turn + 1) / (COLLECTOR_KILLS + 1)
            eventually(lambda: sending.reached(share), "acknowledged batches", 120)
            if turn % 2:
                runs.append(counting.start())
                time.sleep(chance.random() * 3)
            fleet.kill(turn % COLLECTORS)
            if runs:
                runs[-1].send_signal(signal.SIGKILL)
            fleet.start()
        sending.finish()
        for _ in range(RUN_KILLS):
            runs.append(counting.start())
            time.sleep(chance.random() * 6)
            runs[-1].send_signal(signal.SIGKILL)
            runs[-1].wait(60)
        for collector in fleet.up.values():
            collector.wait_for(lambda: collector.counter("vitrine_usage_disk_bytes") == 0, "everything shipped")
        last = counting.run()
        events = [event for batch in made for event in batch]
        agrees(counting, events, rate=RATE, every=EVERY)
        other = Counting(tmp_path / "other", usage_python, *store)
        other.configure(rates=RATES, counting=COUNTING)
        assert other.run("--full")["marts"] == last["marts"]
        served(fleet.up[0], counting, "2025-02-01", "2025-03-31", expected(events, rate=RATE, every=EVERY))
    finally:
        sending.over.set()
        for run in runs:
            run.kill()
            run.wait(60)
        for number in range(COLLECTORS):
            fleet.kill(number)
