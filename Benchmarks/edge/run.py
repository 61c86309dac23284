#!/usr/bin/env python3
"""The edge beside nginx, Varnish and a bare epoll loop: hits, large hits, tails, idle connections, one cold key.

    Benchmarks/edge/run.py [--seconds 4] [--rounds 3] [--peers floor,vitrine,…] [--scenarios hit,…] [--json OUT]
    Benchmarks/edge/run.py --quick                 one short round: does everything still run?

    hit     30 KB, 64 connections: CPU per 1,000 requests          tiny    1 byte, 10,000 keys, 64 connections: the same
    large   1.5 MB, 64 connections: answers per second             tail    p99 at half of each server's own maximum
    idle    memory of each of 10,000 idle keep-alive connections   cold    50 requests at once for one cold key

Everything is on loopback; where there are two processors, servers get one and the load the other. Rounds are
interleaved, ratios are taken inside a round, the median counts. CPU is the user and system time of the server's
processes alone; "others' load" is what everything else on the machine took of it meanwhile: above a tenth, measure
again. A peer that is not installed is left out with a notice. Needs cc, wrk and Python; peers are Debian's
packages nginx, varnish and, for `cold` alone, squid. VITRINE_EDGE_FLAGS adds flags to Vitrine's command line.
"""

import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import clients
import peers

HERE = pathlib.Path(__file__).resolve().parent
CONNECTIONS = 64
KEYS = peers.Floor.KEYS
FACTORIES = {"floor": peers.Floor, "vitrine": peers.Vitrine, "nginx": peers.Nginx, "sendfile": peers.Sendfile,
             "varnish": peers.Varnish, "squid": peers.Squid}
WITHOUT = {"hit": {"squid"}, "large": {"squid"}, "tail": {"squid"}, "tiny": {"squid"}, "idle": {"squid"},
           "cold": {"floor", "sendfile"}}
COLD = ("cacheable", "uncacheable", "failing", "dropped")
# The figure that is compared, by scenario, as a ratio to the same figure of these peers.
COMPARED = {"hit": "cpu_ms", "tiny": "cpu_ms", "large": "per_second", "tail": "p99_ms", "idle": "bytes",
            **{f"cold {kind}": "p50_ms" for kind in COLD}}
REFERENCES = ("floor", "nginx", "varnish")


class Neighbours:
    """How much of the processors everything else took while something was measured."""

    def __init__(self, peer):
        self.peer = peer
        self.start = time.monotonic(), self.busy(), self.own()

    def own(self):
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)  # the generator: servers are children that go on
        return self.peer.cpu()[0] + spent.ru_utime + spent.ru_stime

    @staticmethod
    def busy():
        user, nice, system, _, _, interrupts, soft, stolen = map(
            int, pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9])
        return (user + nice + system + interrupts + soft + stolen) / os.sysconf("SC_CLK_TCK")

    def share(self):
        wall, busy, own = (after - before for after, before in
                           zip((time.monotonic(), self.busy(), self.own()), self.start))
        return max(0.0, busy - own) / wall / os.cpu_count()


class Bench:
    def __init__(self, arguments, folder):
        self.arguments, self.folder = arguments, folder
        cores = sorted(os.sched_getaffinity(0))
        self.server_core, self.load_core = (cores[0], cores[1]) if len(cores) > 1 else (None, None)
        self.pin = ["taskset", "-c", str(self.load_core)] if len(cores) > 1 else []
        self.paced = peers.build("paced", folder)
        self.origin = peers.Origin(self.load_core)
        self.running = {}
        self.maxima = {}
        self.asked_cold = set()
        self.serial = 0

    def start(self, name):
        return FACTORIES[name](self.origin.port, self.server_core)

    def start_all(self):
        for name in self.arguments.peers:
            try:
                self.running[name] = self.start(name)
            except peers.Unavailable as reason:
                print(f"{name}: skipped: {reason}", file=sys.stderr)

    def stop_all(self):
        for peer in self.running.values():
            peer.stop()
        self.origin.stop()

    def wrk(self, peer, path, seconds, keys=0):
        neighbours = Neighbours(peer)
        cpu, user = peer.cpu()
        done = subprocess.run(
            [*self.pin, "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "20s", "-s",
             str(HERE / "keys.lua"), peer.url + path],
            env={**os.environ, "KEYS": str(keys)}, stdout=subprocess.PIPE, text=True, check=True,
        )
        cpu, user = (after - before for after, before in zip(peer.cpu(), (cpu, user)))
        line = next(line for line in done.stdout.splitlines() if line.startswith("RESULT "))
        result = json.loads(line[len("RESULT "):])
        answered = max(1, result["requests"])
        return {"cpu_ms": cpu * 1e6 / answered, "user_ms": user * 1e6 / answered,
                "per_second": result["requests"] / result["seconds"], "p50_ms": result["p50_ms"],
                "p99_ms": result["p99_ms"], "errors": result["errors"], "others": neighbours.share()}

    def hit(self, name, peer):
        self.wrk(peer, "/b/30000", 1)
        figures = self.wrk(peer, "/b/30000", self.arguments.seconds)
        self.maxima[name] = figures["per_second"]
        return {"hit": figures}

    def tiny(self, name, peer):
        clients.ask_each(peer.port, [f"/k/{key}" for key in range(KEYS)])
        return {"tiny": self.wrk(peer, "/k/0", self.arguments.seconds, KEYS)}

    def large(self, name, peer):
        self.wrk(peer, "/b/1500000", 1)
        return {"large": self.wrk(peer, "/b/1500000", self.arguments.seconds)}

    def tail(self, name, peer):
        if name not in self.maxima:
            self.hit(name, peer)
        rate = self.maxima[name] / 2
        done = subprocess.run(
            [*self.pin, self.paced, str(peer.port), "/b/30000", f"{rate:.0f}", str(self.arguments.seconds),
             str(CONNECTIONS)], stdout=subprocess.PIPE, text=True, check=True)
        return {"tail": json.loads(done.stdout)}

    def idle(self, name, peer):
        fresh = self.start(name)
        try:
            clients.ask_each(fresh.port, ["/k/1"] * 100)
            before = fresh.memory()
            with clients.IdleConnections(fresh.port, "/k/1", self.arguments.idle) as held:
                time.sleep(1)
                after = fresh.memory()
                kept = held.still_open()
        finally:
            fresh.stop()
        return {"idle": {"bytes": (after - before) / self.arguments.idle, "kept": kept}}

    def cold(self, name, peer):
        if name in self.asked_cold:
            return {}  # Counts don't depend on the neighbours, and nginx takes most of a minute: once is enough.
        self.asked_cold.add(name)
        figures = {}
        for kind in COLD:
            self.serial += 1
            path = f"/cold/{kind}/{self.serial}"
            answers = clients.ask_at_once(peer.port, path, 50)
            times = sorted(answer.seconds * 1000 for answer in answers)
            statuses = sorted({answer.status for answer in answers})
            figures[f"cold {kind}"] = {"fetches": clients.fetches(self.origin.port).get(path, 0),
                                       "p50_ms": statistics.median(times), "max_ms": times[-1], "statuses": statuses}
        return figures

    def rounds(self):
        results = {}
        for number in range(self.arguments.rounds):
            for scenario in self.arguments.scenarios:
                for name, peer in self.running.items():
                    if name in WITHOUT[scenario]:
                        continue
                    if peer.process.poll() is not None:
                        raise SystemExit(f"{name} has ended by itself, exit {peer.process.returncode}")
                    try:
                        measured = getattr(self, scenario)(name, peer)
                    except (subprocess.CalledProcessError, OSError, peers.Unavailable) as problem:
                        print(f"round {number + 1} {scenario} {name}: failed: {problem}", file=sys.stderr)
                        continue
                    for job, figures in measured.items():
                        results.setdefault(job, {}).setdefault(name, {})[number] = figures
                        print(f"round {number + 1} {job} {name}: " + json.dumps(rounded(figures)), file=sys.stderr,
                              flush=True)
        return results


def rounded(figures):
    return {key: round(value, 2) if isinstance(value, float) else value for key, value in figures.items()}


def combine(results):
    """The median of each figure, and of its ratios to the references of the same round."""
    table = {}
    for job, rows in results.items():
        table[job] = {}
        for name, by_round in rows.items():
            first = next(iter(by_round.values()))
            row = {key: statistics.median(figures[key] for figures in by_round.values()) for key in first
                   if not isinstance(first[key], list)}
            if "fetches" in row:
                row["fetches"] = max(figures["fetches"] for figures in by_round.values())
                row["statuses"] = sorted({s for figures in by_round.values() for s in figures["statuses"]})
            figure = COMPARED[job]
            for other in REFERENCES:
                ratios = [by_round[n][figure] / rows[other][n][figure] for n in by_round
                          if other != name and rows.get(other, {}).get(n, {}).get(figure)]
                if ratios:
                    row[f"of_{other}"] = statistics.median(ratios)
            table[job][name] = row
    return table


def cell(row, key, digits=2):
    value = row.get(key)
    return "–" if value is None else f"{value:,.{digits}f}"


COLUMNS = {
    "hit": [("CPU ms / 1,000", "cpu_ms", 1), ("user part", "user_ms", 1), ("requests/s", "per_second", 0),
            ("p50 ms", "p50_ms", 2), ("p99 ms", "p99_ms", 2), ("errors", "errors", 0), ("others' load", "others", 2)],
    "tail": [("requests/s", "rate", 0), ("p50 ms", "p50_ms", 2), ("p99 ms", "p99_ms", 2), ("p99.9 ms", "p999_ms", 2),
             ("max ms", "max_ms", 1), ("errors", "errors", 0), ("load held up", "held_up", 3)],
    "idle": [("bytes each", "bytes", 0), ("kept open", "kept", 0)],
    "cold": [("fetches, most", "fetches", 0), ("p50 ms", "p50_ms", 0), ("slowest ms", "max_ms", 0)],
}


def show(table):
    for job, rows in table.items():
        columns = COLUMNS.get(job) or COLUMNS["cold" if job.startswith("cold") else "hit"]
        ratios = [other for other in REFERENCES if any(f"of_{other}" in row for row in rows.values())]
        statuses = any("statuses" in row for row in rows.values())
        heads = ["peer", *(head for head, _, _ in columns), *(["statuses"] if statuses else []),
                 *(f"of {other}" for other in ratios)]
        print(f"\n{job}: ratios of {COMPARED[job]}\n\n| " + " | ".join(heads) + " |\n|" + "---|" * len(heads))
        for name, row in rows.items():
            cells = [name, *(cell(row, key, digits) for _, key, digits in columns)]
            if statuses:
                cells.append(" ".join(map(str, row["statuses"])))
            print("| " + " | ".join([*cells, *(cell(row, f"of_{other}") for other in ratios)]) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--idle", type=int, default=10_000, help="idle connections")
    parser.add_argument("--peers", default=",".join(FACTORIES), type=lambda text: text.split(","))
    parser.add_argument("--scenarios", default=",".join(WITHOUT), type=lambda text: text.split(","))
    parser.add_argument("--quick", action="store_true", help="one round of a second each, 1,000 idle connections")
    parser.add_argument("--json")
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.seconds, arguments.rounds, arguments.idle = 1, 1, 1_000
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory(prefix="vitrine-edge-") as folder:
        bench = Bench(arguments, pathlib.Path(folder))
        try:
            bench.start_all()
            table = combine(bench.rounds())
        finally:
            bench.stop_all()
    show(table)
    if arguments.json:
        pathlib.Path(arguments.json).write_text(json.dumps(table, indent=1))


if __name__ == "__main__":
    main()
