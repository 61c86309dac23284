"""Settings in an S3 bucket: two origins take turns, one of them is killed, an edge follows.

The S3 server is scripts/s3-server, which installs itself the first time.
"""

import shlex
import subprocess
import threading

import pytest

from publishing import Publisher, SettingsEdge, project, running, serves
from running_server import ROOT


@pytest.fixture(scope="module")
def bucket(tmp_path_factory):
    """A bucket on a real S3 server: the settings that name it."""
    folder = tmp_path_factory.mktemp("s3")
    script = ROOT / "scripts/s3-server"
    started = subprocess.run([script, "start", folder], capture_output=True, text=True, timeout=600)
    assert started.returncode == 0, started.stdout + started.stderr
    try:
        words = [shlex.split(line) for line in started.stdout.splitlines() if line.startswith("export ")]
        yield dict(word[1].split("=", 1) for word in words)
    finally:
        subprocess.run([script, "stop", folder], capture_output=True, timeout=120)


def on_s3(folder, bucket, prefix):
    return Publisher(folder, "--store", f"{bucket['VITRINE_TEST_S3']}/{prefix}", "--s3-endpoint",
                     bucket["AWS_ENDPOINT_URL"], "--s3-region", bucket["AWS_REGION"], "--settings-poll", "200ms",
                     environment={"VITRINE_S3_ACCESS_KEY": bucket["AWS_ACCESS_KEY_ID"],
                                  "VITRINE_S3_SECRET_KEY": bucket["AWS_SECRET_ACCESS_KEY"]})


def test_settings_are_published_into_a_bucket(tmp_path, bucket):
    """Two origins on one bucket: one wins; a killed one comes back; an edge behind them follows."""
    first = on_s3(tmp_path / "a", bucket, "shared")
    try:
        with running(on_s3(tmp_path / "b", bucket, "shared")) as second, \
                running(SettingsEdge(tmp_path / "edge", second.url)) as edge:
            key = first.publish("shop", project(n=0), author="ada")["clientKey"]
            for node in (first, second, edge):
                serves(node, "shop", key, "n", 0)
            answers = []
            threads = [threading.Thread(target=lambda node=node, name=name: answers.append(
                (name, node.call("POST", "/shop", json=project(n=name), params={"expect": 1, "author": name}))))
                for name, node in (("bob", first), ("eve", second), ("kim", first), ("liz", second))]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
            won = [name for name, answer in answers if answer.status_code == 201]
            lost = [answer for _, answer in answers if answer.status_code == 409]
            assert len(won) == 1 and len(lost) == 3, [answer.text for _, answer in answers]
            assert all(answer.json()["latest"]["author"] == won[0] for answer in lost)
            for node in (first, second, edge):
                serves(node, "shop", key, "n", won[0])
            first.kill()
            assert second.call("POST", "/shop/rollback").status_code == 201
            serves(edge, "shop", key, "n", 0)
            first = on_s3(tmp_path / "a", bucket, "shared")
            serves(first, "shop", key, "n", 0)
            assert [row["number"] for row in first.read("/shop/log")["entries"]] == [3, 2, 1]
            swept = first.call("POST", "/sweep", params={"grace": 0, "keep": 1})
            assert swept.status_code == 200 and swept.json()["swept"] > 0, swept.text
            assert first.call("GET", "/shop/source/2").status_code == 410
            serves(edge, "shop", key, "n", 0)
    finally:
        first.kill()
