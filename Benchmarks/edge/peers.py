"""The caches that are compared: each starts on a free port of loopback in front of one origin and can be stopped.

A peer that can't run here raises `Unavailable` with the reason. Processes are ended by their own ids, never by name.
"""

import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
START_SECONDS = 20
CACHE_MEGABYTES = 256


class Unavailable(Exception):
    """This peer can't be measured on this machine; the text says why."""


def free_port():
    """A port that nobody has, below those the system gives to outgoing connections, so that none takes it meanwhile."""
    lowest = int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    for _ in range(100):
        port = random.randrange(lowest // 2, lowest)
        try:
            with socket.socket() as probe:
                probe.bind(("", port))
                return port
        except OSError:
            continue
    raise Unavailable("no free port")


def program(*names):
    """The first of these programs that is installed, also from the folders of system services."""
    for name in names:
        found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
        if found:
            return found
    raise Unavailable(f"{names[0]} is not installed")


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


def cpu_seconds(pid):
    """User and system time of a process and all below it, seconds; the user part alone second."""
    user = system = 0
    for each in process_tree(pid):
        try:
            fields = pathlib.Path(f"/proc/{each}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        user += int(fields[11]) + int(fields[13])
        system += int(fields[12]) + int(fields[14])
    tick = os.sysconf("SC_CLK_TCK")
    return (user + system) / tick, user / tick


def memory_bytes(pid):
    """Proportional set size of a process and all below it: a page that three share counts a third in each."""
    total = 0
    for each in process_tree(pid):
        try:
            rollup = pathlib.Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += next((int(line.split()[1]) << 10 for line in rollup if line.startswith("Pss:")), 0)
    return total


class Peer:
    """A running server. `core` pins it with all its threads to one processor."""

    def __init__(self, origin, core=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vitrine-edge-"))
        self.folder.chmod(0o755)
        self.pin = ["taskset", "-c", str(core)] if core is not None else []
        self.process = None
        try:
            self.port = self.start(origin)
            self.wait_until_up()
        except BaseException:
            self.stop()
            raise

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def launch(self, command, **keywords):
        keywords.setdefault("stdout", subprocess.DEVNULL)
        keywords.setdefault("stderr", open(self.folder / "log", "wb"))
        self.process = subprocess.Popen([*self.pin, *map(str, command)], stdin=subprocess.DEVNULL, **keywords)

    def wait_until_up(self):
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        log = self.folder / "log"
        tail = log.read_text(errors="replace").strip()[-300:] if log.exists() else ""
        raise Unavailable(f"did not start: {tail}")

    def cpu(self):
        return cpu_seconds(self.process.pid)

    def memory(self):
        return memory_bytes(self.process.pid)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                for pid in reversed(process_tree(self.process.pid)):
                    os.kill(pid, signal.SIGKILL)
                self.process.wait(5)
        shutil.rmtree(self.folder, ignore_errors=True)


class Floor(Peer):
    """The bare epoll loop of floor.c: what the kernel and nothing else costs. It fetches nothing."""

    KEYS = 10_000

    def start(self, origin):
        binary = build("floor", self.folder)
        self.launch([binary, self.KEYS], stdout=subprocess.PIPE)
        return int(self.process.stdout.readline())


class Nginx(Peer):
    """nginx's proxy_cache with one worker, collapsing by its lock."""

    SERVER = """
      proxy_cache_path @/cache keys_zone=cache:16m max_size=1g levels=1:2 use_temp_path=off inactive=1h;
      upstream origin { server 127.0.0.1:ORIGIN; keepalive 64; }
      server { listen 127.0.0.1:PORT backlog=4096 reuseport; location / {
        proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection "";
        proxy_cache cache; proxy_cache_revalidate on;
        proxy_cache_lock on; proxy_cache_lock_timeout 15s; proxy_cache_lock_age 15s; EXTRA } }"""
    EXTRA = ""

    def start(self, origin):
        port = free_port()
        server = self.SERVER.replace("EXTRA", self.EXTRA).replace("ORIGIN", str(origin)).replace("PORT", str(port))
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        (self.folder / "nginx.conf").write_text((
            "daemon off; worker_processes 1; worker_rlimit_nofile 20000; pid @/pid; error_log @/error.log crit;\n"
            "events { worker_connections 16000; }\n"
            "http { access_log off; keepalive_requests 100000000; keepalive_timeout 1h; sendfile on; tcp_nopush on;\n"
            + "".join(f"{kind}_temp_path @/{kind};\n" for kind in kinds) + server + "\n}\n"
        ).replace("@", str(self.folder)))
        for kind in kinds + ("cache",):
            (self.folder / kind).mkdir(mode=0o777)
            (self.folder / kind).chmod(0o777)
        self.launch([program("nginx"), "-c", self.folder / "nginx.conf", "-p", self.folder,
                     "-e", self.folder / "error.log"])
        return port


class PlainNginx(Nginx):
    """nginx's proxy_cache as its manual starts it, without the lock: for the caching suite."""

    SERVER = """
      proxy_cache_path @/cache keys_zone=cache:8m max_size=1000m levels=1:2 inactive=600m;
      server { listen 127.0.0.1:PORT backlog=4096; location / {
        proxy_pass http://127.0.0.1:ORIGIN; proxy_http_version 1.1;
        proxy_cache cache; proxy_cache_revalidate on; } }"""


class Sendfile(Nginx):
    """nginx sending plain files: a web server, not a cache."""

    SERVER = """
      open_file_cache max=20000 inactive=1h;
      server { listen 127.0.0.1:PORT backlog=4096 reuseport; root @/files; default_type image/jpeg; expires 1d; }"""

    def start(self, origin):
        for kind in ("b", "k"):
            (self.folder / "files" / kind).mkdir(parents=True)
        for size in (30_000, 1_500_000):
            (self.folder / "files/b" / str(size)).write_bytes(b"v" * size)
        for key in range(Floor.KEYS):
            (self.folder / "files/k" / str(key)).write_bytes(b"v")
        return super().start(origin)


class Varnish(Peer):
    """Varnish with its built-in rules and a malloc store."""

    EXTRA = ()

    def start(self, origin):
        port = free_port()
        (self.folder / "edge.vcl").write_text(
            f'vcl 4.1;\nbackend default {{ .host = "127.0.0.1"; .port = "{origin}"; .first_byte_timeout = 30s; }}\n'
        )
        self.launch([program("varnishd"), "-F", "-j", "none", "-n", self.folder / "name", "-a", f"127.0.0.1:{port}",
                     "-f", self.folder / "edge.vcl", "-s", f"malloc,{CACHE_MEGABYTES}m", "-T", "none",
                     "-p", "thread_pools=1", "-p", "timeout_idle=3600", "-p", "listen_depth=4096", *self.EXTRA])
        return port


class StrictVarnish(Varnish):
    """Varnish that keeps nothing without explicit freshness, and keeps what is stale for validation.

    With its usual two minutes for answers that say nothing, most of the caching suite would be void.
    """

    EXTRA = ("-p", "default_ttl=0", "-p", "default_grace=0", "-p", "default_keep=3600")


class Squid(Peer):
    """Squid as an accelerator, collapsing on."""

    def start(self, origin):
        port = free_port()
        (self.folder / "squid.conf").write_text(
            f"http_port 127.0.0.1:{port} accel defaultsite=127.0.0.1 no-vhost\n"
            f"cache_peer 127.0.0.1 parent {origin} 0 no-query originserver no-digest\n"
            "collapsed_forwarding on\nacl loop src 127.0.0.0/8\nhttp_access allow loop\nhttp_access deny all\n"
            f"cache_mem {CACHE_MEGABYTES} MB\nmaximum_object_size_in_memory 16 MB\nmaximum_object_size 16 MB\n"
            f"access_log none\ncache_log {self.folder}/cache.log\npid_filename {self.folder}/pid\n"
            f"coredump_dir {self.folder}\nshutdown_lifetime 1 seconds\npinger_enable off\ndns_nameservers 127.0.0.1\n"
        )
        self.folder.chmod(0o777)
        self.launch([program("squid"), "-N", "-f", self.folder / "squid.conf"])
        return port


class Vitrine(Peer):
    """The edge role in front of the same origin. VITRINE_BINARY and VITRINE_EDGE_FLAGS change what is run."""

    def start(self, origin):
        binary = os.environ.get("VITRINE_BINARY", str(ROOT / ".build/release/vitrine"))
        if not os.access(binary, os.X_OK):
            raise Unavailable(f"{binary} is not built (make release)")
        environment = {k: v for k, v in os.environ.items() if not k.startswith("VITRINE_")}
        self.launch(
            [binary, "serve", "--roles", "edge", "--upstream", f"http://127.0.0.1:{origin}",
             "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--data", self.folder / "data",
             "--access-log=false", *os.environ.get("VITRINE_EDGE_FLAGS", "").split()],
            stderr=subprocess.PIPE, env=environment,
        )
        heard = []
        guard = threading.Timer(START_SECONDS, self.process.kill)
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
        raise Unavailable("does not serve the edge role: " + " ".join(heard)[-300:])


class Origin:
    """origin.py as a process of its own."""

    def __init__(self, core=None):
        pin = ["taskset", "-c", str(core)] if core is not None else []
        self.process = subprocess.Popen([*pin, "python3", str(HERE / "origin.py")], stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


def build(name, folder):
    """Compiles NAME.c of this folder."""
    binary = folder / name
    subprocess.run([program("cc"), "-O2", "-Wall", "-Wextra", str(HERE / f"{name}.c"), "-o", str(binary), "-lm"],
                   check=True)
    return str(binary)
