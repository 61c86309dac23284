"""A node that delivers settings, its publisher, and the users who ask it."""

import contextlib
import json
import pathlib
import subprocess
import tempfile

import requests

from edge_under_test import eventually
from running_server import BINARY, TOKEN, RunningServer, clean_environment

AUTH = {"Authorization": f"Bearer {TOKEN}"}


class SettingsNode(RunningServer):
    """`vitrine serve` whose apps' names are keys; `app` publishes and asks."""

    def __init__(self, data, *flags, **keywords):
        super().__init__(data, *flags, **keywords)
        self.session = requests.Session()

    def stop(self, seconds=40):
        # An idle connection of ours would be waited for.
        self.session.close()
        return super().stop(seconds)

    def publish(self, app, document, expect=201):
        """Puts a features file in force and waits until this node serves it; the publish's answer."""
        answer = self.session.put(f"{self.admin}/admin/settings/{app}", json=document, headers=AUTH, timeout=30)
        assert answer.status_code == expect, answer.text
        made = answer.json()
        if expect == 201:
            self.await_number(app, made["number"])
        return made

    def await_number(self, app, number):
        eventually(lambda: self.number(app) >= number, f"number {number} of {app}")

    def number(self, app):
        """What this node serves of an app; 0 for nothing."""
        state = self.admin_get("settings/node")
        return next((row.get("number", 0) for row in state["apps"] if row["app"] == app), 0)

    def admin_get(self, path):
        answer = self.session.get(f"{self.admin}/admin/{path}", headers=AUTH, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def ask(self, app, attributes, headers=None, **members):
        """The whole answer to one user."""
        body = {"attributes": attributes, **members}
        answer = self.session.post(f"{self.url}/v1/settings/{app}", json=body, headers=headers, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer

    def settings(self, app, attributes, **members):
        return self.ask(app, attributes, **members).json()

    def forget(self, app, value, **query):
        answer = self.session.delete(f"{self.admin}/admin/settings/{app}/users", params={"value": value, **query},
                                     headers=AUTH, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def exposures(self, app):
        """The counters as {(experiment, variation): row}."""
        rows = self.admin_get(f"settings/{app}/exposures")["exposures"]
        return {(row["experiment"], row["variation"]): row for row in rows}

    def metric(self, name, **labels):
        """The sum of a metric's lines that have these labels."""
        text = self.session.get(self.admin + "/metrics", timeout=30).text
        lines = [line for line in text.splitlines() if line.startswith((name + " ", name + "{"))]
        assert lines, f"no metric {name}"
        wanted = [f'{key}="{value}"' for key, value in labels.items()]
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if all(one in line for one in wanted))


@contextlib.contextmanager
def settings_node(data, *flags, **keywords):
    node = SettingsNode(data, *flags, **keywords)
    try:
        yield node
        assert node.process.poll() in (None, -9, 0), node.lines[-10:]
    finally:
        node.session.close()
        node.kill()


def experiment(key="exp", **members):
    """A rule that gives half of the users each of two values; assignments are kept by the keys in `meta`."""
    return {"key": key, "variations": ["control", "treatment"], "weights": [0.5, 0.5], "hashVersion": 2,
            "meta": [{"key": "plain"}, {"key": "bold"}], **members}


def features(*rules, name="color", default="off", **members):
    return {"features": {name: {"defaultValue": default, "rules": list(rules)}}, **members}


def conformance(lines):
    """The answers of `vitrine settings conformance` to lines of text, parsed."""
    with tempfile.TemporaryFile("w+") as asked:
        asked.write("".join(line + "\n" for line in lines))
        asked.seek(0)
        done = subprocess.run([BINARY, "settings", "conformance"], stdin=asked, capture_output=True, text=True,
                              timeout=120, env=clean_environment())
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def usage_events(data):
    """Every event of a node's usage log whose line is whole, as docs/formats/usage-log.md says; oldest first."""
    events = []
    for segment in sorted((pathlib.Path(data) / "usage").glob("usage-*.log")):
        first, *lines = segment.read_bytes().split(b"\n")
        assert first == b"vitrine usage 1", first
        torn = lines.pop()
        assert torn == b"" or len(torn) < 65_536
        for line in lines:
            assert int(line[:8], 16) == crc32c(line[9:]) and line[8:9] == b" ", line
            events.append(json.loads(line[9:]))
    return events


def crc32c(data):
    """CRC-32C of RFC 3720 B.4."""
    register = 0xFFFFFFFF
    for byte in data:
        register = CRC_TABLE[(register ^ byte) & 0xFF] ^ register >> 8
    return register ^ 0xFFFFFFFF


def crc_entry(value):
    for _ in range(8):
        value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
    return value


CRC_TABLE = [crc_entry(value) for value in range(256)]
