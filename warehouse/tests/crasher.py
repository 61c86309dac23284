"""Runs that die: `crasher.py PROJECT`, one JSON line for each on standard input.

A line is `{"at": N, "after": SECONDS, "arguments": [...]}`. Each run is a fork of this process, which has everything
imported and nothing open, so it starts at once. The run ends itself, as kill -9 would, before the N-th of all steps
that make something last (files renamed and flushed, transactions begun and committed, models begun and done), or when
the time is over. The answer is `{"status": …, "steps": …, "said": […]}`: the exit code, negative for a signal; how
many steps there were, if it ended well; the last lines of its output.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile

sys.path.insert(0, sys.argv[1])

import dbt.adapters.duckdb  # noqa: E402, F401
import dbt.cli.main  # noqa: E402, F401
from vitrine_warehouse import catalog, models  # noqa: E402
from vitrine_warehouse.__main__ import main  # noqa: E402


class Steps:
    """Counts, and ends the process at one."""

    def __init__(self, at: int):
        self.at = at
        self.count = 0

    def __call__(self) -> None:
        self.count += 1
        if self.count == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def before(self, call):
        def wrapper(*arguments, **named):
            self()
            return call(*arguments, **named)
        return wrapper


class Connection:
    """SQLite's, with a step before each transaction begins and ends."""

    def __init__(self, real, step: Steps):
        self.real, self.step = real, step

    def __getattr__(self, name: str):
        return getattr(self.real, name)

    def execute(self, query: str, *values):
        if query in ("begin immediate", "commit"):
            self.step()
        return self.real.execute(query, *values)


def arm(step: Steps) -> None:
    for name in ("replace", "rename", "fsync", "unlink"):
        setattr(os, name, step.before(getattr(os, name)))
    opened = catalog.Catalog.__init__

    def wrapped(self, path):
        opened(self, path)
        self.connection = Connection(self.connection, step)

    catalog.Catalog.__init__ = wrapped
    see = models.Watch.see

    def seen(self, event):
        if event.info.name == "LogModelResult":
            step()
        elif event.info.name == "NodeStart" and event.data.node_info.resource_type == "model":
            step()
        see(self, event)

    models.Watch.see = seen


def child(order: dict, out: int) -> None:
    os.dup2(out, 1)
    step = Steps(order.get("at", 0))
    arm(step)
    if "after" in order:
        signal.setitimer(signal.ITIMER_REAL, order["after"])
    code = 99
    try:
        code = main(order["arguments"])
        sys.stdout.flush()
        signal.setitimer(signal.ITIMER_REAL, 0)
        if code == 0:
            os.write(1, f"steps {step.count}\n".encode())
    finally:
        sys.stderr.flush()
        os._exit(code)


def serve() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        with tempfile.TemporaryFile() as out:
            pid = os.fork()
            if pid == 0:
                child(order, out.fileno())
            _, status = os.waitpid(pid, 0)
            out.seek(0)
            said = out.read().decode().splitlines()
        code = os.waitstatus_to_exitcode(status)
        steps = int(said.pop().split()[1]) if code == 0 else None
        print(json.dumps({"status": code, "steps": steps, "said": said[-40:]}), flush=True)


serve()
