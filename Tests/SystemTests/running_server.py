"""Starts the real binary and talks to it as a user would."""

import json
import os
import pathlib
import signal
import subprocess
import threading
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("VITRINE_BINARY", str(ROOT / ".build/debug/vitrine"))
KEY, SALT, TOKEN = "aa" * 32, "bb" * 32, "system-test-token"
START_SECONDS = 60


def clean_environment(**extra):
    """The environment without settings that a developer may have exported."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("VITRINE_")}
    kept.update(extra)
    return kept


def run(*arguments, check=True, **keywords):
    """Runs a subcommand to its end and returns the completed process."""
    keywords.setdefault("env", clean_environment())
    done = subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, timeout=300, **keywords)
    if check and done.returncode != 0:
        raise AssertionError(f"vitrine {arguments} exited {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


class RunningServer:
    """`vitrine serve` on free ports; its JSON log lines are kept in `lines`."""

    def __init__(self, data, *flags, unsafe=True, environment=None):
        variables = {"VITRINE_KEY": KEY, "VITRINE_SALT": SALT, "VITRINE_TOKEN": TOKEN}
        if unsafe:
            variables["VITRINE_UNSAFE"] = "1"
        variables.update(environment or {})
        self.data = pathlib.Path(data)
        self.lines = []
        self.addresses = {}
        self._changed = threading.Condition()
        self.process = subprocess.Popen(
            [BINARY, "serve", "--data", str(data), "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0",
             *map(str, flags)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            env=clean_environment(**variables),
        )
        threading.Thread(target=self._read_log, daemon=True).start()
        try:
            self.wait_for(lambda: {"public", "admin"} <= set(self.addresses), "both listeners")
        except AssertionError:
            self.kill()
            raise
        self.url = "http://" + self.addresses["public"]
        self.admin = "http://" + self.addresses["admin"]

    def _read_log(self):
        for line in self.process.stderr:
            try:
                entry = json.loads(line)
            except ValueError:
                entry = {"msg": line.rstrip(), "unparsed": True}
            with self._changed:
                self.lines.append(entry)
                if entry.get("msg") == "listening":
                    self.addresses[entry["metadata"]["role"]] = entry["metadata"]["address"]
                self._changed.notify_all()
        with self._changed:
            self._changed.notify_all()

    def wait_for(self, condition, what, seconds=START_SECONDS):
        """Blocks until `condition()` holds; it is looked at again after every log line and every 50 ms."""
        end = time.monotonic() + seconds
        with self._changed:
            while not condition():
                if self.process.poll() is not None or time.monotonic() > end:
                    raise AssertionError(f"no {what}; exit {self.process.poll()}; log: {self.lines[-20:]}")
                self._changed.wait(0.05)

    def workers(self):
        """Process ids of the render workers."""
        found = []
        for entry in os.listdir("/proc"):
            if not entry.isdigit():
                continue
            try:
                stat = pathlib.Path(f"/proc/{entry}/stat").read_text()
                command = pathlib.Path(f"/proc/{entry}/cmdline").read_bytes()
            except OSError:
                continue
            fields = stat.rsplit(")", 1)[1].split()
            if int(fields[1]) == self.process.pid and b"render-worker" in command and fields[0] != "Z":
                found.append(int(entry))
        return found

    def gauge(self, name):
        """A figure without labels from the admin listener's metrics."""
        text = urllib.request.urlopen(self.admin + "/metrics", timeout=10).read().decode()
        return next(float(line.split(" ")[1]) for line in text.splitlines() if line.startswith(name + " "))

    def resident_bytes(self):
        """Resident memory of the server and its workers, in bytes."""
        pages = 0
        for pid in [self.process.pid, *self.workers()]:
            try:
                pages += int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1])
            except OSError:
                pass
        return pages * os.sysconf("SC_PAGESIZE")

    def stop(self, seconds=40):
        """Asks for a graceful end and returns the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError("the server did not end on SIGTERM") from None

    def kill(self):
        self.process.kill()
        self.process.wait(10)
