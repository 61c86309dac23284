"""The edge: whoever asks after a purge was acknowledged gets nothing from before it, however busy the node is."""

import os
import random
import threading
import time

import pytest

from edge_under_test import Page
from raw_client import RawClient
from scripted_origin import chunked, not_modified, ok

SEED = int(os.environ.get("FUZZ_SEED", "20261"))
READERS = 6
CHANGES = 150
LATENCY_SECONDS = 0.004


class Resource:
    """A page whose origin counts its versions; `floor` is the oldest that a new request may get."""

    def __init__(self, page, marks, control):
        self.page = page
        self.version = 1
        self.floor = 1
        self.tag = "race-" + page.path.replace("/", "-")
        marks_of_origin = random.Random(marks.random())
        size = marks.choice([1, 100, 40_000])

        def script(turn):
            version = self.version
            # What an origin has read, it sends a little later.
            time.sleep(marks_of_origin.random() * LATENCY_SECONDS)
            tag = f'"{version}"'
            fields = [f"Cache-Control: {control}", f"ETag: {tag}", f"Cache-Tag: {self.tag}"]
            if turn.request["if-none-match"] == tag:
                return turn.send(not_modified(*fields))
            body = f"{version} ".encode().ljust(size, b".")
            turn.send(chunked([body], *fields) if version % 2 else ok(body, *fields))
        page.answers(script)

    def change(self, marks, edge):
        """A new version at the origin, then a way to make the edge forget the old one."""
        self.version += 1
        way = marks.choice(["url", "tag", "prefix", "method", "soft"])
        if way == "method":
            assert edge.ask(self.page.path + "/form", method="POST", body=b"x").status == 200
        else:
            scope = {"url": {"url": self.page.url}, "tag": {"tag": self.tag}, "prefix": {"prefix": self.page.url},
                     "soft": {"url": self.page.url, "mode": "soft"}}[way]
            edge.purge(scope)
        self.floor = self.version
        return way


@pytest.mark.parametrize("control", ["max-age=3600", "max-age=0", "max-age=1, must-revalidate"])
def test_no_reader_sees_what_was_purged_before_it_asked(page, edge, control):
    marks = random.Random(SEED)
    resources = [Resource(page.beside(name), marks, control) for name in "abc"]
    for resource in resources:
        form = Page(edge, page.origin, resource.page.path + "/form")
        form.answers(ok(b"done", f"Location: {resource.page.path}"))
    ended, wrong, reads = threading.Event(), [], []

    def read(number):
        choice = random.Random(SEED + number)
        client = RawClient(edge.address)
        while not ended.is_set() and not wrong:
            resource = choice.choice(resources)
            floor = resource.floor
            answer = client.ask(resource.page.path, *choice.choice([[], [], ["Cache-Control: no-cache"]]))
            version = int(answer.body.split(b" ")[0].strip(b"."))
            reads.append(answer.is_hit)
            if answer.status != 200 or version < floor:
                wrong.append((ways[-3:], resource.page.path, floor, version, answer))
        client.close()
    ways = []
    readers = [threading.Thread(target=read, args=(number,)) for number in range(READERS)]
    for reader in readers:
        reader.start()
    try:
        for _ in range(CHANGES):
            resource = marks.choice(resources)
            ways.append((resource.change(marks, edge), resource.page.path, resource.version))
            if wrong:
                break
    finally:
        ended.set()
        for reader in readers:
            reader.join(20)
    assert not wrong, f"seed {SEED}: {wrong[0]}"
    assert len(reads) > CHANGES
