#!/usr/bin/env python3
"""Cold renders side by side: the bare libvips loop (the floor), Vitrine over HTTP, thumbor over HTTP.

    Benchmarks/pictures/run.py [--seconds 12] [--rounds 3] [--peers floor,vitrine,thumbor] [--json OUT]
    Benchmarks/pictures/run.py --soak 20000        memory over that many mixed renders
    Benchmarks/pictures/run.py --same              one URL asked by 16 clients, and 16 widths at once

Everything runs on loopback on this machine, one peer at a time, rounds interleaved; the median round counts. wrk asks
with 4 connections and a counting cachebuster, so that every answer is rendered. CPU is the user and system time of the
peer's processes alone. Needs: a release build, wrk, cc, libvips-dev, Python with Pillow; thumbor (PyPI) for that peer.
"""

import argparse
import hashlib
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
JOBS = {
    "J": ("large", "640/jpeg q80", "rs:fit:640:0/q:80", "jpg"),
    "W": ("large", "640/webp q80", "rs:fit:640:0/q:80", "webp"),
    "S": ("large", "640x640 smart crop/jpeg q80", "rs:fill:640:640/g:sm/q:80", "jpg"),
    "A": ("medium", "320/avif q50 effort 1", "rs:fit:320:0/q:50", "avif"),
}
THUMBOR = {
    "J": "640x0/filters:quality(80):format(jpeg)",
    "W": "640x0/filters:quality(80):format(webp)",
    "S": "640x640/smart/filters:quality(80):format(jpeg)",
    "A": "320x0/filters:quality(50):format(avif)",
}
CONNECTIONS = 4


def pictures(folder):
    """A 12 MP and a 2 MP photograph made from the samples: enlarged, turned and grained, always the same bytes."""
    from PIL import Image

    sources = sorted((ROOT / "samples").glob("*.jpg")) + sorted((ROOT / "samples").glob("*.png"))
    made = {}
    for name, size in [("large", (4032, 3024)), ("medium", (1728, 1152))]:
        target = folder / f"{name}.jpg"
        if not target.exists():
            canvas = Image.new("RGB", size)
            columns = 3
            cell = (size[0] // columns, size[1] // 2)
            for index in range(columns * 2):
                tile = Image.open(sources[index % len(sources)]).convert("RGB").resize(cell, Image.LANCZOS)
                canvas.paste(tile, (index % columns * cell[0], index // columns * cell[1]))
            grain = Image.frombytes("L", (512, 512), random.Random(7).randbytes(512 * 512))
            grain = grain.resize((1024, 1024), Image.BICUBIC)
            layer = Image.new("L", size)
            for x in range(0, size[0], 1024):
                for y in range(0, size[1], 1024):
                    layer.paste(grain, (x, y))
            Image.blend(canvas, layer.convert("RGB"), 0.06).save(target, "JPEG", quality=92)
        made[name] = target
    return made


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def process_tree(pid):
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                parent = int(pathlib.Path(f"/proc/{entry}/stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
            children.setdefault(parent, []).append(int(entry))
    found, todo = [], [pid]
    while todo:
        current = todo.pop()
        found.append(current)
        todo += children.get(current, [])
    return found


def usage(pid):
    """CPU seconds (with ended children) and memory of a process and all below it, bytes.

    Memory is the proportional set size: a page that three processes share counts a third in each.
    """
    seconds = resident = 0.0
    for each in process_tree(pid):
        try:
            fields = pathlib.Path(f"/proc/{each}/stat").read_text().rsplit(")", 1)[1].split()
            rollup = pathlib.Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
            resident += next(int(line.split()[1]) << 10 for line in rollup if line.startswith("Pss:"))
        except OSError:
            continue
        seconds += sum(int(fields[i]) for i in (11, 12, 13, 14)) / os.sysconf("SC_CLK_TCK")
    return seconds, resident


class Vitrine:
    def __init__(self, folder, images):
        self.data = pathlib.Path(tempfile.mkdtemp(dir=folder))
        environment = {k: v for k, v in os.environ.items() if not k.startswith("VITRINE_")}
        environment["VITRINE_UNSAFE"] = "1"
        binary = os.environ.get("VITRINE_BINARY", str(ROOT / ".build/release/vitrine"))
        self.process = subprocess.Popen(
            [binary, "serve", "--data", str(self.data), "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0",
             "--access-log=false"],
            stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=environment,
        )
        addresses = {}
        for line in self.process.stderr:
            entry = json.loads(line)
            if entry.get("msg") == "listening":
                addresses[entry["metadata"]["role"]] = entry["metadata"]["address"]
            if len(addresses) == 2:
                break
        threading.Thread(target=lambda: [None for _ in self.process.stderr], daemon=True).start()
        self.url = "http://" + addresses["public"]
        self.urls, self.processes = [self.url], [self.process]
        self.ids = {}
        for name, path in images.items():
            request = urllib.request.Request(self.url + "/originals", data=path.read_bytes(), method="POST")
            self.ids[name] = json.load(urllib.request.urlopen(request))["id"]

    def path(self, job, extra="cb:*"):
        source, _, options, extension = JOBS[job]
        return f"/img/unsafe/{options}/{extra}/plain/original://{self.ids[source]}@{extension}"

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        shutil.rmtree(self.data, ignore_errors=True)


class Thumbor:
    """One process for each core on a port of its own: on a shared port one process may get all connections."""

    def __init__(self, folder, images):
        loader = folder / "thumbor"
        loader.mkdir(exist_ok=True)
        for path in images.values():
            shutil.copy(path, loader / path.name)
        # A storage that keeps nothing: every request loads and renders, as a cold cache would.
        (folder / "thumbor.conf").write_text(
            f"LOADER = 'thumbor.loaders.file_loader'\nFILE_LOADER_ROOT_PATH = {str(loader)!r}\n"
            "STORAGE = 'thumbor.storages.no_storage'\nALLOW_UNSAFE_URL = True\nSECURITY_KEY = 'benchmark'\n"
        )
        program = str(pathlib.Path(sys.executable).parent / "thumbor")
        self.files = {name: path.name for name, path in images.items()}
        self.processes, self.urls = [], []
        for _ in range(os.cpu_count()):
            port = free_port()
            self.processes.append(subprocess.Popen(
                [program, "-p", str(port), "-i", "127.0.0.1", "-c", str(folder / "thumbor.conf"), "-l", "error"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            ))
            self.urls.append(f"http://127.0.0.1:{port}")
        for url in self.urls:
            for _ in range(200):
                try:
                    urllib.request.urlopen(url + "/healthcheck", timeout=5)
                    break
                except OSError:
                    time.sleep(0.1)
            else:
                raise SystemExit("thumbor did not start")

    def path(self, job):
        # Nothing is stored, so every request renders; the query only makes each URL new, as for the other peer.
        return f"/unsafe/{THUMBOR[job]}/{self.files[JOBS[job][0]]}?n=*"

    def stop(self):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(20)


def wrk(peer, path, seconds, start=0):
    """Loads all of a peer's ports at once with CONNECTIONS in all; rates are summed, of latencies the worst counts."""
    before = sum(usage(process.pid)[0] for process in peer.processes)
    runs = [
        subprocess.Popen(
            ["wrk", "-t1", f"-c{CONNECTIONS // len(peer.urls)}", f"-d{seconds}s", "--timeout", "60s",
             "-s", str(HERE / "urls.lua"), url],
            env={**os.environ, "URLS": path, "START": str(start)}, stdout=subprocess.PIPE, text=True,
        )
        for url in peer.urls
    ]
    lines = [run.communicate()[0].splitlines() for run in runs]
    results = [json.loads(next(line for line in each if line.startswith("RESULT "))[7:]) for each in lines]
    cpu = sum(usage(process.pid)[0] for process in peer.processes) - before
    answered = max(1, sum(result["requests"] for result in results))
    return {
        "images_per_second": sum(result["requests"] / result["seconds"] for result in results),
        "cpu_ms": cpu * 1000 / answered,
        "p50_ms": max(result["p50_ms"] for result in results), "p99_ms": max(result["p99_ms"] for result in results),
        "errors": sum(result["errors"] for result in results),
        "bytes": sum(result["bytes"] for result in results) // answered,
        "memory_mb": sum(usage(process.pid)[1] for process in peer.processes) / 1e6,
    }


def floor(binary, job, images, seconds):
    done = subprocess.run(
        [binary, job, images[JOBS[job][0]], str(seconds), str(os.cpu_count())],
        env={**os.environ, "MALLOC_ARENA_MAX": "1"}, capture_output=True, text=True, check=True,
    )
    return json.loads(done.stdout)


def build_floor(folder):
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "vips"], capture_output=True, text=True, check=True)
    binary = str(folder / "floor")
    subprocess.run(["cc", "-O2", str(HERE / "floor.c"), "-o", binary, *flags.stdout.split(), "-lpthread"], check=True)
    return binary


def compare(arguments, folder, images):
    binary = build_floor(folder)
    peers = arguments.peers.split(",")
    results = {job: {peer: [] for peer in peers} for job in arguments.jobs}
    counter = 0
    for round_number in range(arguments.rounds):
        for job in arguments.jobs:
            for name in peers:
                if name == "floor":
                    figures = floor(binary, job, images, arguments.seconds)
                else:
                    peer = {"vitrine": Vitrine, "thumbor": Thumbor}[name](folder, images)
                    try:
                        counter += 10_000_000
                        wrk(peer, peer.path(job), 2, start=counter)
                        counter += 10_000_000
                        figures = wrk(peer, peer.path(job), arguments.seconds, start=counter)
                    finally:
                        peer.stop()
                results[job][name].append(figures)
                print(f"round {round_number + 1} {job} {name}: " + json.dumps(
                    {k: round(v, 2) if isinstance(v, float) else v for k, v in figures.items()}
                ), file=sys.stderr, flush=True)
    table = {}
    for job in arguments.jobs:
        table[job] = {}
        for peer, rounds in results[job].items():
            names = [name for name, value in rounds[0].items() if not isinstance(value, str)]
            numbers = {name: statistics.median(r[name] for r in rounds) for name in names}
            # A ratio is taken inside a round, where the neighbours on the machine were the same, and then the median.
            for other in ("floor", "thumbor"):
                if other in results[job] and peer != other:
                    numbers[f"of_{other}"] = statistics.median(
                        mine["images_per_second"] / theirs["images_per_second"]
                        for mine, theirs in zip(rounds, results[job][other])
                    )
            table[job][peer] = numbers
    print("\n| job | peer | images/s | of floor | of thumbor | CPU ms/image | p50 ms | p99 ms | p99/p50 | memory MB "
          "| bytes |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for job, rows in table.items():
        for peer, row in rows.items():
            tail = "– | – | –"
            if "p50_ms" in row:
                tail = f"{row['p50_ms']:.0f} | {row['p99_ms']:.0f} | {row['p99_ms'] / row['p50_ms']:.2f}"
            ratio = f"{row['of_floor']:.3f}" if "of_floor" in row else "–"
            over = f"{row['of_thumbor']:.2f}" if "of_thumbor" in row else "–"
            print(f"| {job} {JOBS[job][1]} | {peer} | {row['images_per_second']:.1f} | {ratio} | {over} | "
                  f"{row['cpu_ms']:.1f} | {tail} | {row['memory_mb']:.0f} | {row['bytes']:.0f} |")
    return table


def soak(arguments, folder, images):
    """Memory over many mixed renders: sampled every 500 answers."""
    peer = Vitrine(folder, images)
    samples, count, errors = [], 0, 0
    mixed = ["rs:fit:640:0/q:80@jpg", "rs:fit:320:0/q:80@webp", "rs:fill:200:200/g:sm@jpg", "rs:fit:160:0@avif",
             "rs:fit:240:0/bl:2@png", "rs:fill:320:180/wm:0@webp"]
    lock = threading.Lock()
    try:
        def ask(start):
            nonlocal count, errors
            while True:
                with lock:
                    if count >= arguments.soak:
                        return
                    number = count
                    count += 1
                    if number % 500 == 0:
                        samples.append((number, usage(peer.process.pid)[1] / 1e6))
                        print(f"{number} renders: {samples[-1][1]:.0f} MB", file=sys.stderr, flush=True)
                options, extension = mixed[number % len(mixed)].split("@")
                source = peer.ids["large" if number % 7 == 0 else "medium"]
                url = f"{peer.url}/img/unsafe/{options}/cb:{number}/plain/original://{source}@{extension}"
                try:
                    urllib.request.urlopen(url, timeout=60).read()
                except OSError as problem:
                    errors += 1
                    print(problem, file=sys.stderr)

        threads = [threading.Thread(target=ask, args=(i,)) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        samples.append((count, usage(peer.process.pid)[1] / 1e6))
    finally:
        peer.stop()
    half = [megabytes for number, megabytes in samples if number >= count / 2]
    early = [megabytes for number, megabytes in samples if number < count / 2]
    print(f"{count} mixed renders, {errors} errors: memory of server and workers, MB: "
          f"max {max(m for _, m in samples):.0f}, median of first half {statistics.median(early):.0f}, "
          f"of second half {statistics.median(half):.0f}, at the end {samples[-1][1]:.0f}")
    return {"renders": count, "errors": errors, "samples": samples}


def same(arguments, folder, images):
    """One cold URL asked by 16 clients at once, and 16 widths of one picture at once: seconds until all have theirs."""
    results = {}
    for name, factory in [("vitrine", Vitrine), ("thumbor", Thumbor)]:
        if name not in arguments.peers:
            continue
        peer = factory(folder, images)
        try:
            def used():
                return sum(usage(process.pid)[0] for process in peer.processes)

            def burst(urls):
                answers = [None] * len(urls)
                def ask(index):
                    answers[index] = hashlib.sha256(urllib.request.urlopen(urls[index], timeout=120).read()).hexdigest()
                threads = [threading.Thread(target=ask, args=(i,)) for i in range(len(urls))]
                cpu, start = used(), time.monotonic()
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
                return time.monotonic() - start, used() - cpu, len(set(answers))

            one, widths = [], []
            for attempt in range(arguments.rounds + 1):
                path = peer.path("J").replace("*", f"9{attempt}")
                ports = [peer.urls[i % len(peer.urls)] for i in range(16)]
                one.append(burst([port + path for port in ports]))
                widths.append(burst([p + path.replace("640", str(300 + 20 * i)) for i, p in enumerate(ports)]))
            figures = {
                kind: [statistics.median(burst[part] for burst in bursts[1:]) for part in (0, 1)]
                for kind, bursts in [("one URL by 16 clients", one), ("16 widths", widths)]
            }
            results[name] = figures
            for kind, (seconds, cpu) in figures.items():
                print(f"{name}: {kind}: {seconds * 1000:.0f} ms, {cpu * 1000:.0f} ms of CPU")
        finally:
            peer.stop()
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", default="floor,vitrine,thumbor")
    parser.add_argument("--jobs", default="JWSA")
    parser.add_argument("--soak", type=int)
    parser.add_argument("--same", action="store_true")
    parser.add_argument("--json")
    arguments = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="vitrine-bench-"))
    try:
        images = pictures(folder)
        if arguments.soak:
            result = soak(arguments, folder, images)
        elif arguments.same:
            result = same(arguments, folder, images)
        else:
            result = compare(arguments, folder, images)
        if arguments.json:
            pathlib.Path(arguments.json).write_text(json.dumps(result, indent=1))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
