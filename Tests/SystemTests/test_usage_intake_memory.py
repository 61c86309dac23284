"""Bodies that want much memory, many at once: they are refused, and the collector stays small."""

import concurrent.futures
import gzip
import json
import threading

import pytest
import requests
import zstandard

from collecting import BATCH, LINES, STRUCTURED, Collector, use
from running_server import TOKEN

MEBIBYTE = 1 << 20
# Bodies under way have 128 MiB, whatever comes.
GROWTH_MAX = 400 * MEBIBYTE
SENDERS, ROUNDS = 8, 3


@pytest.fixture
def collector(tmp_path):
    server = Collector(tmp_path, "--usage-segment-age", "300ms")
    yield server
    server.kill()


def million():
    """A million events, in pieces and without a length beforehand: some 250 MB."""
    piece = (json.dumps(use()) + ",").encode() * 1_000
    yield b"["
    for _ in range(1_000):
        yield piece


def test_bodies_beyond_all_limits_are_refused_in_little_memory(collector):
    event = json.dumps(use()).encode()
    bodies = [
        (413, BATCH, b"[" + b",".join([b"{}"] * 1_000_000) + b"]", {}),
        (413, BATCH, million, {}),
        (413, LINES, gzip.compress(b"\n" * (64 * MEBIBYTE)), {"Content-Encoding": "gzip"}),
        (413, LINES, zstandard.compress(b" " * (512 * MEBIBYTE)), {"Content-Encoding": "zstd"}),
        (413, BATCH, zstandard.compress(b"[" + event + b"," * 16_777_216), {"Content-Encoding": "zstd"}),
        (400, STRUCTURED, json.dumps(use(data={"note": "x" * (10 * MEBIBYTE)})).encode(), {}),
        (400, STRUCTURED, b'{"id":' + b"[" * (8 * MEBIBYTE), {}),
    ]
    calm = collector.resident_bytes()
    peak, over = [calm], threading.Event()

    def watch():
        while not over.wait(0.02):
            peak[0] = max(peak[0], collector.resident_bytes())

    def send(number):
        status, kind, body, more = bodies[number % len(bodies)]
        headers = {"Content-Type": kind, "Authorization": f"Bearer {TOKEN}", **more}
        try:
            answer = requests.post(collector.url + "/v1/events", data=body() if callable(body) else body,
                                   headers=headers, timeout=120)
        except requests.ConnectionError:
            # It was answered and closed while the rest was on its way.
            return number, status, status
        if answer.status_code in (429, 503):
            assert int(answer.headers["Retry-After"]) >= 1
            return number, status, status
        return number, status, answer.status_code

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        with concurrent.futures.ThreadPoolExecutor(SENDERS) as pool:
            for number, wanted, got in pool.map(send, range(len(bodies) * ROUNDS)):
                assert wanted == got, (number, got)
    finally:
        over.set()
        watcher.join()
    assert peak[0] - calm < GROWTH_MAX, f"{(peak[0] - calm) / MEBIBYTE:.0f} MiB"
    assert collector.counter("vitrine_usage_body_bytes") == 0
    assert collector.counter("vitrine_usage_lines_kept_total") == 0
    assert collector.send(use()).status_code == 202
