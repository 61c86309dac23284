"""The edge: what it stored survives kill -9; what was purged or replaced does not come back."""

import random
import signal
import threading

import pytest

from edge_under_test import AN_HOUR, EdgeUnderTest, Page, eventually
from raw_client import request
from scripted_origin import ScriptedOrigin, date, head, not_modified, ok

#: The metric that counts responses on disk, and the one of those that wait to be written.
ON_DISK = r"vitrine_cache_disk_entries\b"
WAITING = r"vitrine_cache_disk_queued\b"


class Restarts:
    """An edge on one folder, killed and started again as often as a test wants."""

    def __init__(self, data):
        self.data = data
        self.origin = ScriptedOrigin()
        self.edge = EdgeUnderTest(data, self.origin.url)

    def page(self, path):
        return Page(self.edge, self.origin, path)

    def wait_for_disk(self, entries):
        """Until so many responses are on disk and none waits."""
        eventually(lambda: self.edge.figures(ON_DISK) >= entries and self.edge.figures(WAITING) == 0,
                   f"{entries} responses on disk")

    def kill_and_start(self, *flags, without_origin=False):
        self.edge.assert_well()
        self.edge.kill()
        if without_origin:
            self.origin.close()
        self.edge = EdgeUnderTest(self.data, self.origin.url, *flags)

    def end(self):
        self.edge.kill()
        self.origin.close()


@pytest.fixture
def restarts(tmp_path):
    running = Restarts(tmp_path)
    yield running
    running.end()


def test_stored_responses_are_served_after_a_kill_without_the_origin(restarts):
    bodies = {f"/page-{number}": random.Random(number).randbytes(number * 3001) for number in range(40)}
    heads = {}
    for path, body in bodies.items():
        restarts.origin.script(path, ok(body, AN_HOUR, f'ETag: "{path}"', "X-Many: 1", "X-Many: 2",
                                        "Content-Type: image/png"))
        heads[path] = restarts.edge.ask(path)
    restarts.wait_for_disk(len(bodies))
    restarts.kill_and_start(without_origin=True)
    for _ in range(2):
        for path, body in bodies.items():
            answer = restarts.edge.ask(path)
            assert answer.is_hit, answer
            assert answer.body == body
            for name in ("etag", "x-many", "content-type", "cache-control", "date"):
                assert answer[name] == heads[path][name]
    assert restarts.edge.ask("/page-7", 'If-None-Match: "/page-7"').status == 304
    assert restarts.edge.ask("/page-7", "Range: bytes=10-19").body == bodies["/page-7"][10:20]
    assert restarts.edge.ask("/page-7", method="HEAD")["content-length"] == str(len(bodies["/page-7"]))


def test_bytes_that_are_no_text_come_back_unchanged(restarts):
    """RFC 9110 §5.5: obs-text, from disk or else from the origin"""
    page = restarts.page("/latin").answers(ok(b"body", AN_HOUR, "X-Latin: caf\xe9 \xff\xfe"))
    restarts.page("/other").answers(ok(b"body", AN_HOUR)).get()
    page.get()
    restarts.wait_for_disk(1)
    restarts.kill_and_start()
    assert page.at(restarts.edge).get()["x-latin"] == "caf\xe9 \xff\xfe"


def test_age_goes_on_over_a_restart(restarts):
    """RFC 9111 §4.2.3"""
    page = restarts.page("/age").answers(ok(b"body", AN_HOUR, "Age: 1000"))
    page.get()
    restarts.wait_for_disk(1)
    restarts.kill_and_start()
    answer = page.at(restarts.edge).get()
    assert answer.is_hit and answer.age >= 1000


def test_a_response_that_became_stale_is_validated_after_a_restart(restarts):
    page = restarts.page("/stale").answers(ok(b"body", "Cache-Control: max-age=60", "Age: 100", 'ETag: "a"'),
                                           not_modified('ETag: "a"', AN_HOUR))
    page.get()
    restarts.wait_for_disk(1)
    restarts.kill_and_start()
    page = page.at(restarts.edge)
    assert page.get().body == b"body"
    assert page.last()["if-none-match"] == '"a"'


def test_variants_survive(restarts):
    def script(turn):
        turn.send(ok(turn.request["accept-language"].encode(), AN_HOUR, "Vary: Accept-Language"))
    page = restarts.page("/variants").answers(script)
    for language in ("da", "eo"):
        page.get(f"Accept-Language: {language}")
    restarts.wait_for_disk(2)
    restarts.kill_and_start()
    page = page.at(restarts.edge)
    for language in ("da", "eo", "da"):
        assert page.get(f"Accept-Language: {language}").body == language.encode()
    assert page.fetches == 2
    assert page.get("Accept-Language: fi").body == b"fi"


@pytest.mark.parametrize("document", [{"url": "http://pictures.example/gone"}, {"tag": "gone"}, {"everything": True},
                                      {"prefix": "http://pictures.example/go"}], ids=str)
def test_what_was_purged_does_not_come_back(restarts, document):
    page = restarts.page("/gone").answers(ok(b"old", AN_HOUR, "Cache-Tag: gone"), ok(b"new", AN_HOUR))
    page.get()
    restarts.wait_for_disk(1)
    restarts.edge.purge(document)
    restarts.kill_and_start()
    assert page.at(restarts.edge).get().body == b"new"
    assert page.at(restarts.edge).get().body == b"new"
    restarts.wait_for_disk(1)
    restarts.kill_and_start()
    assert page.at(restarts.edge).get().body == b"new"
    assert page.fetches == 2


def test_what_was_softly_purged_is_validated_after_a_restart(restarts):
    page = restarts.page("/soft").answers(ok(b"body", AN_HOUR, 'ETag: "a"'), not_modified('ETag: "a"', AN_HOUR))
    page.get()
    restarts.wait_for_disk(1)
    restarts.edge.purge({"url": page.url, "mode": "soft"})
    restarts.kill_and_start()
    assert page.at(restarts.edge).get().body == b"body"
    assert page.fetches == 2 and page.last()["if-none-match"] == '"a"'


def test_what_an_unsafe_request_invalidated_does_not_come_back(restarts):
    """RFC 9111 §4.4"""
    page = restarts.page("/changed").answers(ok(b"old", AN_HOUR), ok(b"done"), ok(b"new", AN_HOUR))
    page.get()
    restarts.wait_for_disk(1)
    page.get(method="PUT", body=b"change")
    restarts.kill_and_start()
    assert page.at(restarts.edge).get().body == b"new"


def test_the_newest_response_survives(restarts):
    page = restarts.page("/newest").answers(*(ok(f"body {number}".encode(), AN_HOUR) for number in range(5)))
    for number in range(5):
        eventually(lambda: page.get("Cache-Control: no-cache").body == f"body {number}".encode(), f"body {number}")
    written = restarts.page("/written").answers(ok(b"after", AN_HOUR))
    written.get()
    restarts.wait_for_disk(2)
    restarts.kill_and_start(without_origin=True)
    assert restarts.page("/newest").get().body == b"body 4"


def test_fields_updated_by_a_304_survive(restarts):
    """RFC 9111 §3.2"""
    page = restarts.page("/updated").answers(
        ok(b"body", "Cache-Control: max-age=60", "Age: 100", 'ETag: "a"', "X-Mark: old"),
        not_modified('ETag: "a"', AN_HOUR, "X-Mark: new", f"Date: {date()}"))
    page.get()
    page.get()
    assert page.get()["x-mark"] == "new"
    restarts.page("/written").answers(ok(b"after", AN_HOUR)).get()
    restarts.wait_for_disk(2)
    restarts.kill_and_start()
    answer = page.at(restarts.edge).get()
    assert (answer.body, answer["x-mark"]) == (b"body", "new")
    assert page.fetches == 2


def test_private_things_never_reach_the_disk(restarts):
    """RFC 9111 §5.2.2.5, §5.2.2.7"""
    for name, control in (("a", "no-store"), ("b", "private"), ("c", "private, max-age=60")):
        restarts.page(f"/secret-{name}").answers(ok(b"top-secret-content", f"Cache-Control: {control}")).get()
    restarts.page("/authorised").answers(ok(b"top-secret-content", AN_HOUR)).get("Authorization: Bearer top-secret")
    restarts.page("/public").answers(ok(b"public", AN_HOUR)).get()
    restarts.wait_for_disk(1)
    restarts.edge.kill()
    files = [path for path in restarts.data.rglob("*") if path.is_file()]
    assert any(b"public" in path.read_bytes() for path in files)
    assert not any(b"top-secret" in path.read_bytes() for path in files)


def test_a_graceful_end_loses_nothing(restarts):
    """SIGTERM: what is being answered is finished, what was accepted is written, the exit code is 0."""
    go_on = threading.Event()

    def script(turn):
        turn.send(head(AN_HOUR, "Content-Length: 20000"), b"a" * 10_000)
        turn.wait(go_on)
        turn.send(b"b" * 10_000)
    slow = restarts.page("/slow").answers(script)
    last = restarts.page("/last").answers(ok(b"last", AN_HOUR))
    with restarts.edge.client() as client, restarts.edge.client() as idle:
        client.send(request(slow.path))
        answer = client.head()
        assert idle.ask(last.path).body == b"last"
        restarts.edge.process.send_signal(signal.SIGTERM)
        assert idle.is_closed()
        go_on.set()
        assert client.body(answer).body == b"a" * 10_000 + b"b" * 10_000
    assert restarts.edge.stop() == 0
    restarts.origin.close()
    restarts.edge = EdgeUnderTest(restarts.data, restarts.origin.url)
    assert restarts.page("/last").get().body == b"last"
    assert restarts.page("/slow").get().body == b"a" * 10_000 + b"b" * 10_000


def test_a_damaged_disk_is_no_reason_not_to_start_nor_to_lie(restarts):
    """Bytes flipped all over the cache files: what is served is right, from disk or from the origin."""
    for number in range(20):
        restarts.page(f"/{number}").answers(ok(f"body {number} ".encode() * 500, AN_HOUR)).get()
    restarts.wait_for_disk(20)
    restarts.edge.kill()
    marks = random.Random(5)
    for path in restarts.data.rglob("cache/**/*"):
        if path.is_file() and path.stat().st_size:
            with path.open("r+b") as file:
                written = min(path.stat().st_size, 200_000)
                for _ in range(60):
                    file.seek(marks.randrange(written))
                    file.write(marks.randbytes(1))
    restarts.edge = EdgeUnderTest(restarts.data, restarts.origin.url)
    for number in range(20):
        answer = restarts.edge.ask(f"/{number}")
        assert (answer.status, answer.body) == (200, f"body {number} ".encode() * 500)
