"""Segments in an S3 bucket: collectors ship into it, runs fetch from it, and it is away for a while.

The S3 server is scripts/s3-server, which installs itself the first time.
"""

import shlex
import subprocess

import pytest

from collecting import Collector, use
from counting import Counting, agrees
from running_server import ROOT


class Bucket:
    """A bucket on a real S3 server, which can be stopped and started again."""

    def __init__(self, folder):
        self.folder = folder
        self.settings = {}
        self.start()

    def call(self, verb):
        done = subprocess.run([ROOT / "scripts/s3-server", verb, self.folder], capture_output=True, text=True,
                              timeout=600)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self):
        words = [shlex.split(text) for text in self.call("start").splitlines() if text.startswith("export ")]
        self.settings = dict(word[1].split("=", 1) for word in words)

    def stop(self):
        self.call("stop")

    def flags(self, prefix):
        return ["--store", f"{self.settings['VITRINE_TEST_S3']}/{prefix}", "--s3-endpoint",
                self.settings["AWS_ENDPOINT_URL"], "--s3-region", self.settings["AWS_REGION"]]

    @property
    def keys(self):
        return {"VITRINE_S3_ACCESS_KEY": self.settings["AWS_ACCESS_KEY_ID"],
                "VITRINE_S3_SECRET_KEY": self.settings["AWS_SECRET_ACCESS_KEY"]}


@pytest.fixture(scope="module")
def bucket(tmp_path_factory):
    server = Bucket(tmp_path_factory.mktemp("s3"))
    yield server
    server.stop()


def events(number, count=100):
    return [use(id=f"{number}-{place}", time=f"2025-01-{1 + place % 28:02}T08:00:00Z",
                data={"content_id": f"c{place}", "creator_id": f"m{place % 7}", "user_id": f"u{number}"})
            for place in range(count)]


def test_events_of_two_collectors_are_counted_out_of_a_bucket_that_comes_and_goes(tmp_path, usage_python, bucket):
    flags = bucket.flags("counted")
    counting = Counting(tmp_path / "a", usage_python, *flags, environment=bucket.keys)
    collectors = [Collector(tmp_path / name, *flags, "--usage-segment-age", "300ms", environment=bucket.keys)
                  for name in ("a", "b")]
    sent = []

    def send(number):
        for place, collector in enumerate(collectors):
            batch = events(number) if place == 0 else events(number + 1_000)
            assert collector.send(*batch).status_code == 202
            # The other collector gets some of them too.
            assert collectors[1 - place].send(*batch[:10]).status_code == 202
            sent.extend(batch)

    def is_shipped():
        for collector in collectors:
            collector.wait_for(lambda: collector.counter("vitrine_usage_disk_bytes") == 0, "everything shipped")

    try:
        send(1)
        is_shipped()
        first = counting.run()
        agrees(counting, sent)
        assert first["counts"]["lines"] == 220
        before = (counting.daily(), counting.payouts())
        bucket.stop()
        send(2)
        for collector in collectors:
            collector.wait_for(lambda: collector.counter("vitrine_usage_shipments_failed_total") > 0, "a failure")
        # Killed while the store is away: what was acknowledged is shipped after the next start.
        collectors[1].kill()
        error, remedy = Counting(tmp_path / "b", usage_python, *flags, environment=bucket.keys).refused()
        assert "store" in error and remedy, (error, remedy)
        status = counting.call("status").stdout
        assert "store" in status and (counting.daily(), counting.payouts()) == before
        bucket.start()
        collectors[1] = Collector(tmp_path / "b", *flags, "--usage-segment-age", "300ms", environment=bucket.keys)
        send(3)
        is_shipped()
        last = counting.run()
        agrees(counting, sent)
        other = Counting(tmp_path / "other", usage_python, *flags, environment=bucket.keys)
        assert other.run("--full")["marts"] == last["marts"]
    finally:
        for collector in collectors:
            collector.kill()
