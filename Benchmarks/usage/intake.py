#!/usr/bin/env python3
"""Measures intake: events over HTTP until they are on the disk, in batches of 100, beside a floor in C.

    Benchmarks/usage/intake.py [--seconds 5] [--rounds 3] [--ways batch,lines,gzip,zstd] [--json OUT] [--quick]

    batch   application/cloudevents-batch+json     lines   application/x-ndjson     gzip, zstd   batches, compressed
    floor   the lines of the same events, compressed as one zstd stream at level 1 and written: no HTTP, no JSON

Everything is on loopback; where there are two processors, the collector gets one and the load the other. Events per
CPU second are what counts: of the collector's whole process, with sealing, compression and shipping to a folder.
"HTTP", "decode" and "store" are the parts of its event loops' threads, of those that decode, and of those that write,
seal and ship. Latencies are those at half of the rate that the first part of a round reached, sent whether or not
answers come (edge/paced.c), from the moment a batch was due. Rounds are interleaved, the median counts. "Others' load"
is what everything else on the machine took meanwhile: above a tenth, measure again. Needs cc, libzstd-dev, wrk, zstd
and Python. VITRINE_BINARY and VITRINE_INTAKE_FLAGS change what is run.
"""

import argparse
import gzip
import hashlib
import http.client
import importlib.util
import json
import os
import pathlib
import random
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "edge"))

import peers  # noqa: E402  (the edge's: processes, their processor time, free ports)

PATH = "/v1/events"
BATCH = 100
BATCHES = 100
CONNECTIONS = 8
TYPES = {"lines": "application/x-ndjson"}
PARTS = {"NIO-ELT": "http", "TP-": "store", "NIO-": "store"}


def edge_benchmark():
    """Benchmarks/edge/run.py, for its measure of what the neighbours take."""
    spec = importlib.util.spec_from_file_location("edge_run", HERE.parent / "edge/run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


Neighbours = edge_benchmark().Neighbours


class Collector(peers.Peer):
    """One process with the role collector and nothing else."""

    def start(self, _):
        binary = os.environ.get("VITRINE_BINARY", str(peers.ROOT / ".build/release/vitrine"))
        if not os.access(binary, os.X_OK):
            raise peers.Unavailable(f"{binary} is not built (make release)")
        environment = {k: v for k, v in os.environ.items() if not k.startswith("VITRINE_")} | {"VITRINE_UNSAFE": "1"}
        self.launch(
            [binary, "serve", "--roles", "collector", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0",
             "--data", self.folder / "data", "--node", "bench", "--access-log=false",
             *os.environ.get("VITRINE_INTAKE_FLAGS", "").split()],
            stderr=subprocess.PIPE, env=environment)
        heard = []
        guard = threading.Timer(peers.START_SECONDS, self.process.kill)
        guard.start()
        try:
            for line in self.process.stderr:
                heard.append(line.decode(errors="replace").strip())
                try:
                    entry = json.loads(line)
                except ValueError:
                    continue
                if entry.get("msg") == "listening" and entry["metadata"].get("role") != "admin":
                    threading.Thread(target=self.process.stderr.read, daemon=True).start()
                    return int(entry["metadata"]["address"].rsplit(":", 1)[1])
        finally:
            guard.cancel()
        raise peers.Unavailable("does not serve: " + " ".join(heard)[-300:])

    def parts(self):
        """CPU seconds by part, told by the threads' names."""
        found = dict.fromkeys(("http", "decode", "store"), 0.0)
        for task in pathlib.Path(f"/proc/{self.process.pid}/task").iterdir():
            try:
                name, _, rest = (task / "stat").read_text().partition("(")[2].rpartition(")")
            except OSError:
                continue  # The thread has ended meanwhile.
            part = next((part for prefix, part in PARTS.items() if name.startswith(prefix)), "decode")
            fields = rest.split()
            found[part] += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return found


def events(seed=5):
    """Batches of events of several contents and users; the same each time."""
    chance = random.Random(seed)
    batches = []
    for batch in range(BATCHES):
        found = []
        for number in range(BATCH):
            second, milli = divmod(batch * BATCH + number, 1000)
            data = {"content_id": f"c-{int(2e6 ** chance.random())}",
                    "content_type": chance.choice(["photo", "template", "font"]),
                    "creator_id": f"m-{int(5e4 ** chance.random())}", "user_id": f"u-{int(5e6 ** chance.random())}",
                    "action": chance.choice(["export", "publish"]), "template_id": f"t-{chance.randrange(1000)}",
                    "country": chance.choice(["AU", "DE", "US"]), "plan": chance.choice(["free", "pro"])}
            found.append({
                "specversion": "1.0", "id": str(chance.getrandbits(128)), "source": "/apps/editor",
                "type": "com.vitrine.usage.v1", "time": f"2026-01-01T09:30:{second:02}.{milli:03}Z",
                "datacontenttype": "application/json",
                "traceparent": f"00-{chance.getrandbits(128) | 1:032x}-{chance.getrandbits(64) | 1:016x}-01",
                "data": data})
        batches.append(found)
    return batches


def line(event):
    """An event's line, as docs/formats/usage-event.md has it; the content's hash is another, as long."""
    source, identity = event["source"].encode(), event["id"].encode()
    high, low, content = struct.unpack(
        ">qqq", hashlib.sha256(struct.pack(">I", len(source)) + source + identity).digest()[:24])
    data = event["data"]
    return ",".join(map(str, [
        high, low, content, event["source"], event["id"], event["type"], 1767259800000000, 1767259801000000,
        data["content_id"], data["content_type"], data["creator_id"], data["user_id"], data["action"], "",
        data["template_id"], data["country"], data["plan"], event["traceparent"][3:35], ""])) + "\n"


def zstd(body):
    return subprocess.run([peers.program("zstd"), "-3", "-c"], input=body, stdout=subprocess.PIPE, check=True).stdout


class Bench:
    def __init__(self, arguments, folder):
        self.arguments, self.folder = arguments, folder
        cores = sorted(os.sched_getaffinity(0))
        self.server_core, self.load_core = (cores[0], cores[1]) if len(cores) > 1 else (None, None)
        self.pin = ["taskset", "-c", str(self.load_core)] if len(cores) > 1 else []
        self.batches = events()
        self.paced = peers.build("paced", folder)
        self.lines = folder / "lines.csv"
        self.lines.write_text("".join(line(event) for batch in self.batches for event in batch))

    def body(self, way, batch):
        if way == "lines":
            return "\n".join(json.dumps(event, separators=(",", ":")) for event in batch).encode()
        body = json.dumps(batch, separators=(",", ":")).encode()
        return {"gzip": lambda: gzip.compress(body, 6, mtime=0), "zstd": lambda: zstd(body)}.get(way, lambda: body)()

    def requests(self, way):
        """The file of whole requests that wrk and paced send; and what a body has on average."""
        file, size = self.folder / way, 0
        with open(file, "wb") as output:
            for batch in self.batches:
                body = self.body(way, batch)
                size += len(body)
                head = [f"POST {PATH} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}",
                        f"Content-Type: {TYPES.get(way, 'application/cloudevents-batch+json')}"]
                if way in ("gzip", "zstd"):
                    head.append(f"Content-Encoding: {way}")
                whole = "\r\n".join(head).encode() + b"\r\n\r\n" + body
                output.write(struct.pack("<I", len(whole)) + whole)
        return file, size / len(self.batches)

    def check(self, peer, way):
        """Every event of a batch is kept; else nothing is measured."""
        connection = http.client.HTTPConnection("127.0.0.1", peer.port, timeout=30)
        fields = {"Content-Type": TYPES.get(way, "application/cloudevents-batch+json")}
        if way in ("gzip", "zstd"):
            fields["Content-Encoding"] = way
        connection.request("POST", PATH, self.body(way, self.batches[0]), fields)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        if answer.status != 202 or json.loads(text) != {"accepted": BATCH, "refused": 0, "events": []}:
            raise SystemExit(f"{way}: {answer.status} {text[:300]}")

    def floor(self):
        binary = self.folder / "floor"
        subprocess.run([peers.program("cc"), "-O2", "-Wall", "-Wextra", str(HERE / "floor.c"), "-o", str(binary),
                        "-lzstd"], check=True)
        return [*self.pin, str(binary), str(self.lines), str(self.folder / "floor.zst"), "100"]

    def measure(self, way):
        """One round: as much as goes, then half of that."""
        requests, size = self.requests(way)
        peer = Collector(None, self.server_core)
        try:
            self.check(peer, way)
            neighbours, before, parts = Neighbours(peer), peer.cpu()[0], peer.parts()
            done = subprocess.run(
                [*self.pin, "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{self.arguments.seconds}s", "--timeout", "30s", "-s",
                 str(HERE / "intake.lua"), peer.url + PATH], env={**os.environ, "REQUESTS": str(requests)},
                stdout=subprocess.PIPE, text=True, check=True)
            result = json.loads(next(row for row in done.stdout.splitlines() if row.startswith("RESULT "))[7:])
            self.settle(peer)
            kept = result["requests"] * BATCH
            spent = peer.cpu()[0] - before
            row = {"cpu_us": spent / kept * 1e6, "per_cpu_second": kept / spent,
                   "per_second": kept / result["seconds"], "bytes": size / BATCH}
            for part, seconds in peer.parts().items():
                row[f"{part}_us"] = (seconds - parts[part]) / kept * 1e6
            row |= {"full_p50_ms": result["p50_ms"], "full_p99_ms": result["p99_ms"]}
            half = json.loads(subprocess.run(
                [*self.pin, self.paced, str(peer.port), f"@{requests}", f"{result['requests'] / result['seconds'] / 2}",
                 str(self.arguments.seconds), "64"], stdout=subprocess.PIPE, check=True).stdout)
            row |= {"p50_ms": half["p50_ms"], "p99_ms": half["p99_ms"], "held_up": half["held_up"],
                    "errors": result["errors"] + half["errors"], "others": neighbours.share()}
            return row
        finally:
            peer.stop()

    @staticmethod
    def settle(peer):
        """Waits until what was taken is sealed and shipped: that is a part of the price."""
        end = time.monotonic() + 30
        last = -1.0
        while time.monotonic() < end:
            # Segments are sealed after 10 s; until then the process does next to nothing.
            time.sleep(11 if last < 0 else 1)
            now = peer.cpu()[0]
            if now - last < 0.05:
                return
            last = now

    def rounds(self):
        results, floor = {}, None
        if "floor" in self.arguments.peers:
            try:
                floor = self.floor()
            except (peers.Unavailable, subprocess.CalledProcessError) as reason:
                print(f"floor: skipped: {reason}", file=sys.stderr)
        for number in range(self.arguments.rounds):
            if floor:
                done = subprocess.run(floor, stdout=subprocess.PIPE, check=True)
                results.setdefault("floor", {})[number] = json.loads(done.stdout)
            for way in self.arguments.ways:
                row = results.setdefault(way, {})[number] = self.measure(way)
                print(f"round {number + 1} {way}: " + json.dumps({k: round(v, 3) for k, v in row.items()}),
                      file=sys.stderr, flush=True)
        return results


def combine(results):
    """The median of each figure, and of the ratio of CPU to the floor of the same round."""
    table = {}
    for name, rounds in results.items():
        row = {key: statistics.median(figures[key] for figures in rounds.values())
               for key in next(iter(rounds.values()))}
        if name != "floor" and "floor" in results:
            row["of_floor"] = statistics.median(
                figures["cpu_us"] / results["floor"][number]["cpu_us"] for number, figures in rounds.items())
        table[name] = row
    return table


def show(table):
    columns = [("events/CPU-s", "per_cpu_second", 0), ("CPU µs", "cpu_us", 2), ("HTTP", "http_us", 2),
               ("decode", "decode_us", 2), ("store", "store_us", 2), ("events/s", "per_second", 0),
               ("p50 ms, half load", "p50_ms", 2), ("p99 ms, half load", "p99_ms", 2),
               ("p99 ms, full", "full_p99_ms", 2), ("bytes", "bytes", 0), ("errors", "errors", 0),
               ("others' load", "others", 2), ("of floor", "of_floor", 2)]
    print("| intake | " + " | ".join(head for head, _, _ in columns) + " |\n|" + "---|" * (len(columns) + 1))
    for name, row in table.items():
        cells = ["–" if row.get(key) is None else f"{row[key]:,.{digits}f}" for _, key, digits in columns]
        print(f"| {name} | " + " | ".join(cells) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--ways", default="batch,lines,gzip,zstd", type=lambda text: text.split(","))
    parser.add_argument("--peers", default="floor", type=lambda text: text.split(","))
    parser.add_argument("--quick", action="store_true", help="one round of two seconds each")
    parser.add_argument("--json")
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.seconds, arguments.rounds = 2, 1
    with tempfile.TemporaryDirectory(prefix="vitrine-intake-") as folder:
        table = combine(Bench(arguments, pathlib.Path(folder)).rounds())
    show(table)
    if arguments.json:
        jobs = {f"intake {name}": {"vitrine": row} for name, row in table.items() if name != "floor"}
        if "floor" in table:
            for job in jobs.values():
                job["floor"] = table["floor"]
        pathlib.Path(arguments.json).write_text(json.dumps(jobs, indent=1))


if __name__ == "__main__":
    main()
