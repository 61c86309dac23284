#!/usr/bin/env python3
"""Settings documents: Vitrine beside a Node server in four ways and a floor in C, with the generated project.

    Benchmarks/settings/run.py [--seconds 4] [--rounds 3] [--peers floor,vitrine,…] [--json OUT] [--quick]

    first   every user's first answer of the day, one after the other: its exposures are made durable as well
    plain   the document, uncompressed, one user after the other      304     the same user again, with its ETag
    gzip, br, zstd, dcz   compressed; dcz against the default document   delta   with a state token, after 10 edits
    floor   flat tables and a gather copy in one process, without HTTP: what is under all of them

Everything is on loopback; where there are two processors, servers get one and the load the other. CPU per answer is the
user and system time of the server's processes, divided by the answers; rounds are interleaved, ratios are taken inside
a round, the median counts. "Others' load" is what everything else on the machine took meanwhile: above a tenth, measure
again. Every way is checked first: all must give the same document. Node is optional: without it its rows are left out
with a notice. Needs cc, wrk and Python. VITRINE_BINARY and VITRINE_SETTINGS_FLAGS change what is run of Vitrine.
"""

import argparse
import base64
import hashlib
import http.client
import importlib.util
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

import servers
from servers import HERE, WAYS, peers

CONNECTIONS = 8
CODINGS = ("gzip", "br", "zstd", "dcz")
REFERENCES = ("floor", *(f"node {way}" for way in WAYS))


def edge_benchmark():
    """Benchmarks/edge/run.py, for its measure of what the neighbours take."""
    spec = importlib.util.spec_from_file_location("edge_run", HERE.parent / "edge/run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


Neighbours = edge_benchmark().Neighbours


class Bench:
    def __init__(self, arguments, folder):
        self.arguments, self.folder = arguments, folder
        cores = sorted(os.sched_getaffinity(0))
        self.server_core, self.load_core = (cores[0], cores[1]) if len(cores) > 1 else (None, None)
        self.pin = ["taskset", "-c", str(self.load_core)] if len(cores) > 1 else []
        self.project = folder / "project"
        subprocess.run([sys.executable, str(HERE / "generate.py"), str(self.project)], check=True,
                       stdout=subprocess.DEVNULL)
        self.users = self.project / "users.jsonl"
        self.first = folder / "first.jsonl"
        self.first.write_text(self.users.read_text(encoding="utf-8").split("\n", 1)[0] + "\n", encoding="utf-8")
        self.running = {}

    def start(self):
        factories = {"vitrine": servers.Vitrine, "node": servers.Node}
        for name in [name for name in factories if name in self.arguments.peers]:
            try:
                self.running[name] = factories[name](self.project, self.server_core)
            except peers.Unavailable as reason:
                print(f"{name}: skipped: {reason}", file=sys.stderr)
        if "floor" in self.arguments.peers:
            try:
                binary = str(self.folder / "floor")
                subprocess.run([peers.program("cc"), "-O2", "-Wall", "-Wextra", str(HERE / "floor.c"), "-o", binary],
                               check=True)
                servers.write_table(self.project, self.folder / "table")
                self.running["floor"] = binary
            except peers.Unavailable as reason:
                print(f"floor: skipped: {reason}", file=sys.stderr)

    def stop(self):
        for peer in self.running.values():
            if isinstance(peer, peers.Peer):
                peer.stop()

    def rows(self):
        """Rows that can be measured: name, server, path, request fields, file of users."""
        rows = []
        if "node" in self.running:
            rows += [(f"node {way}", self.running["node"], f"/{way}", {}, self.users) for way in WAYS]
        if "vitrine" in self.running:
            peer = self.running["vitrine"]
            rows.append(("vitrine plain", peer, peer.path, {}, self.users))
            for coding in CODINGS:
                fields = {"Accept-Encoding": coding}
                if coding == "dcz":
                    fields["Available-Dictionary"] = self.dictionary(peer)
                rows.append((f"vitrine {coding}", peer, peer.path, fields, self.users))
            rows.append(("vitrine 304", peer, peer.path, {"If-None-Match": self.field(peer, "ETag")}, self.first))
            rows.append(("vitrine delta", peer, peer.path, {"Vitrine-State": self.state}, self.first))
        return rows

    def field(self, peer, name):
        status, fields, _ = servers.ask(peer.port, "POST", peer.path, self.first.read_bytes())
        if status != 200 or not fields[name]:
            raise SystemExit(f"{peer.path}: {status} without {name}")
        return fields[name]

    def dictionary(self, peer):
        """Fetches the dictionary that answers name, as a client does, and gives its Available-Dictionary."""
        found = re.search(r"<([^>]*/dictionary/([0-9a-f]{64}))>", self.field(peer, "Link"))
        status, _, body = servers.ask(peer.port, "GET", found.group(1))
        digest = hashlib.sha256(body).digest()
        if status != 200 or digest.hex() != found.group(2):
            raise SystemExit(f"the dictionary is not what its name says: {status}")
        return ":" + base64.b64encode(digest).decode() + ":"

    def check(self):
        """All ways give the same document, and the delta says what 10 edits changed; else nothing is measured."""
        answers = {}
        user = self.first.read_bytes()
        for way in WAYS if "node" in self.running else ():
            text = servers.ask(self.running["node"].port, "POST", f"/{way}", user)[2].decode()
            # Node leaves placeholders as they are; these of the project are plain text.
            text = re.sub(r"\{\{(\w+)\}\}", lambda match: json.loads(user)[match[1]], text)
            answers[f"node {way}"] = json.loads(text)
        if "vitrine" in self.running:
            peer = self.running["vitrine"]
            answers["vitrine"] = json.loads(servers.ask(peer.port, "POST", peer.path, user)[2])
        expected = next(iter(answers.values()), None)
        for name, answer in answers.items():
            different = [key for key in {*answer, *expected} if answer.get(key) != expected.get(key)]
            if different:
                raise SystemExit(f"{name}: {len(different)} settings differ, such as {sorted(different)[:3]}")

    def edit(self, peer):
        """Publishes the edited project; answers then are deltas against a state from before it."""
        self.state = self.field(peer, "Vitrine-State")
        before = self.field(peer, "ETag")
        peer.publish(self.project / "edited.json")
        end = time.monotonic() + 10
        while self.field(peer, "ETag") == before:
            if time.monotonic() > end:
                raise SystemExit("the edited project is not served")
        status, fields, body = servers.ask(peer.port, "POST", peer.path, self.first.read_bytes(),
                                           {"Vitrine-State": self.state})
        delta = json.loads(body)
        if fields["Vitrine-Delta"] != "1" or not 0 < len(delta["changed"]) <= 10 or delta["removed"]:
            raise SystemExit(f"no delta of 10 edits: {status}, {body[:200]}")

    def measure(self, name, peer, path, fields, users):
        status, _, body = servers.ask(peer.port, "POST", path, users.read_bytes().split(b"\n", 1)[0], fields)
        expected = 304 if name.endswith(" 304") else 200
        if status != expected:
            raise SystemExit(f"{name}: answers {status}")
        neighbours = Neighbours(peer)
        before = peer.cpu()[0]
        done = subprocess.run(
            [*self.pin, "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{self.arguments.seconds}s", "--timeout", "30s", "-s",
             str(HERE / "load.lua"), peer.url + path],
            env={**os.environ, "USERS": str(users), "FIELDS": "".join(f"{k}: {v}\n" for k, v in fields.items())},
            stdout=subprocess.PIPE, text=True, check=True)
        cpu = peer.cpu()[0] - before
        result = json.loads(next(line for line in done.stdout.splitlines() if line.startswith("RESULT "))[7:])
        if not result["requests"]:
            return None
        return {"cpu_ms": cpu * 1e3 / result["requests"], "per_second": result["requests"] / result["seconds"],
                "bytes": len(body), "p50_ms": result["p50_ms"], "p99_ms": result["p99_ms"],
                "errors": result["errors"], "others": neighbours.share()}

    def first_answers(self, peer):
        """Every user once: whoever has asked before costs no exposures any more, until the day ends."""
        users = self.users.read_bytes().splitlines()
        neighbours, before, start = Neighbours(peer), peer.cpu()[0], time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", peer.port, timeout=30)
        for user in users:
            connection.request("POST", peer.path, user, {"Content-Type": "application/json"})
            body = connection.getresponse().read()
        connection.close()
        seconds = time.monotonic() - start
        time.sleep(1)  # What is written behind the answers' backs counts as well.
        return {"cpu_ms": (peer.cpu()[0] - before) * 1e3 / len(users), "per_second": len(users) / seconds,
                "bytes": len(body), "p50_ms": None, "p99_ms": None, "errors": 0, "others": neighbours.share()}

    def rounds(self):
        results = {}
        rows = self.rows()
        if "vitrine" in self.running:
            results["vitrine first"] = {0: self.first_answers(self.running["vitrine"])}
        for number in range(self.arguments.rounds):
            if "floor" in self.running:
                done = subprocess.run(
                    [*self.pin, self.running["floor"], str(self.folder / "table"), "2000"], stdout=subprocess.PIPE,
                    check=True)
                results.setdefault("floor", {})[number] = json.loads(done.stdout)
            for row in rows:
                figures = self.measure(*row)
                if figures is None:
                    print(f"round {number + 1} {row[0]}: not one answer in time; left out", file=sys.stderr)
                    continue
                results.setdefault(row[0], {})[number] = figures
                print(f"round {number + 1} {row[0]}: " + json.dumps({k: round(v, 3) for k, v in figures.items()}),
                      file=sys.stderr, flush=True)
        return results


def combine(results):
    """The median of each figure, and of its ratios of CPU to the references of the same round."""
    table = {}
    for name, rounds in results.items():
        row = {key: None if value is None else statistics.median(figures[key] for figures in rounds.values())
               for key, value in next(iter(rounds.values())).items()}
        for other in REFERENCES:
            ratios = [rounds[n]["cpu_ms"] / results[other][n]["cpu_ms"] for n in rounds
                      if other != name and results.get(other, {}).get(n, {}).get("cpu_ms")]
            if ratios:
                row["of_" + other.replace(" ", "_")] = statistics.median(ratios)
        table[name] = row
    return table


def show(table):
    others = [other for other in REFERENCES if any("of_" + other.replace(" ", "_") in row for row in table.values())]
    columns = [("CPU ms", "cpu_ms", 3), ("answers/s", "per_second", 0), ("bytes", "bytes", 0), ("p50 ms", "p50_ms", 2),
               ("p99 ms", "p99_ms", 2), ("errors", "errors", 0), ("others' load", "others", 2),
               *((f"of {other}", "of_" + other.replace(" ", "_"), 3) for other in others)]
    print("| settings | " + " | ".join(head for head, _, _ in columns) + " |\n|" + "---|" * (len(columns) + 1))
    for name, row in table.items():
        cells = ["–" if row.get(key) is None else f"{row[key]:,.{digits}f}" for _, key, digits in columns]
        print(f"| {name} | " + " | ".join(cells) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", default="floor,vitrine,node", type=lambda text: text.split(","))
    parser.add_argument("--quick", action="store_true", help="one round of a second each")
    parser.add_argument("--json")
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.seconds, arguments.rounds = 1, 1
    with tempfile.TemporaryDirectory(prefix="vitrine-settings-") as folder:
        bench = Bench(arguments, pathlib.Path(folder))
        try:
            bench.start()
            bench.check()
            if "vitrine" in bench.running:
                bench.edit(bench.running["vitrine"])
            table = combine(bench.rounds())
        finally:
            bench.stop()
    show(table)
    if arguments.json:
        jobs = {}
        for name, row in table.items():
            peer, _, way = name.partition(" ")
            jobs.setdefault(f"settings {way}".strip(), {})[peer] = row
        pathlib.Path(arguments.json).write_text(json.dumps(jobs, indent=1))


if __name__ == "__main__":
    main()
