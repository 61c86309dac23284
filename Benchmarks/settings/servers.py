"""Whom the settings benchmark asks: Vitrine with the project published, and a Node server written for comparison."""

import http.client
import json
import os
import pathlib
import secrets
import struct
import subprocess
import sys
import threading

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "edge"))

import peers  # noqa: E402  (the edge's: processes, their processor time, free ports)
from peers import Unavailable  # noqa: E402,F401

APP = "bench"
WAYS = ("parse", "cached", "splice", "memo")


def ask(port, method, path, body=None, fields=None):
    """Status, fields and body of one answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json", **(fields or {})})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


class Node(peers.Peer):
    """peer.mjs: four ways to make the document, each under a path of its own."""

    def start(self, project):
        self.launch([peers.program("node", "nodejs"), HERE / "peer.mjs", project], stdout=subprocess.PIPE)
        guard = threading.Timer(4 * peers.START_SECONDS, self.process.kill)
        guard.start()
        try:
            line = self.process.stdout.readline()
        finally:
            guard.cancel()
        if not line.strip():
            raise Unavailable("the Node server did not start")
        return int(line)


class Vitrine(peers.Peer):
    """One node with both roles. VITRINE_BINARY and VITRINE_SETTINGS_FLAGS change what is run."""

    path = f"/v1/settings/{APP}"

    def start(self, project):
        self.binary = os.environ.get("VITRINE_BINARY", str(peers.ROOT / ".build/release/vitrine"))
        if not os.access(self.binary, os.X_OK):
            raise Unavailable(f"{self.binary} is not built (make release)")
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("VITRINE_")}
        self.environment |= {"VITRINE_UNSAFE": "1", "VITRINE_TOKEN": secrets.token_hex(16)}
        self.launch(
            [self.binary, "serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0",
             "--data", self.folder / "data", "--access-log=false",
             *os.environ.get("VITRINE_SETTINGS_FLAGS", "").split()],
            stderr=subprocess.PIPE, env=self.environment,
        )
        self.admin, port, heard = None, None, []
        guard = threading.Timer(peers.START_SECONDS, self.process.kill)
        guard.start()
        try:
            for line in self.process.stderr:
                heard.append(line.decode(errors="replace").strip())
                try:
                    entry = json.loads(line)
                except ValueError:
                    continue
                if entry.get("msg") != "listening":
                    continue
                heard_port = int(entry["metadata"]["address"].rsplit(":", 1)[1])
                if entry["metadata"].get("role") == "admin":
                    self.admin = heard_port
                else:
                    port = heard_port
                if self.admin and port:
                    threading.Thread(target=self.process.stderr.read, daemon=True).start()
                    break
            else:
                raise Unavailable("does not serve: " + " ".join(heard)[-300:])
        finally:
            guard.cancel()
        self.publish(project / "features.json")
        return port

    def publish(self, file):
        done = subprocess.run(
            [self.binary, "settings", "publish", "--app", APP, "--admin", f"http://127.0.0.1:{self.admin}", str(file)],
            env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise Unavailable("does not publish: " + done.stdout.strip()[-300:])


def pieces(feature):
    """The texts of a setting: default first, then what its rules give; and (condition or None, piece) of its rules."""
    texts = [feature["defaultValue"]]
    rules = []
    for rule in feature.get("rules", []):
        rules.append((rule.get("condition"), len(texts)))
        texts += rule.get("variations", [rule.get("force")])
    return [json.dumps(text, separators=(",", ":"), ensure_ascii=False) for text in texts], rules


def write_table(project, file):
    """The project as floor.c reads it. A rule without a condition is an experiment: it gives its first variation."""
    numbers = {}
    words = bytearray()
    features = json.loads((project / "features.json").read_text(encoding="utf-8"))["features"]
    words += struct.pack("<I", len(features))
    for name, feature in features.items():
        texts, rules = pieces(feature)
        words += struct.pack("<I", len(rules))
        for condition, piece in rules:
            number = 0xFFFFFFFF
            if condition is not None:
                number = numbers.setdefault(json.dumps(condition, sort_keys=True), len(numbers))
            words += struct.pack("<II", number, piece)
        words += struct.pack("<I", len(texts))
        for text in texts:
            piece = (json.dumps(name) + ":" + text).encode()
            words += struct.pack("<I", len(piece)) + piece
    file.write_bytes(words)
