"""A server under observation: how much memory it took at most, and whether it is still well."""

import contextlib
import threading
import time

import requests

from running_server import RunningServer

ANSWER_SECONDS = 20


class MeasuredServer(RunningServer):
    """Samples resident memory, of the server and of all workers together, while it runs."""

    def __init__(self, *arguments, **keywords):
        self.peak = {"server": 0, "all": 0}
        super().__init__(*arguments, **keywords)
        threading.Thread(target=self._sample, daemon=True).start()

    def _sample(self):
        while self.process.poll() is None:
            with contextlib.suppress(OSError, ValueError, IndexError, StopIteration):
                with open(f"/proc/{self.process.pid}/status") as status:
                    resident = next(int(line.split()[1]) << 10 for line in status if line.startswith("VmRSS"))
                self.peak["server"] = max(self.peak["server"], resident)
                self.peak["all"] = max(self.peak["all"], self.resident_bytes())
            time.sleep(0.05)

    def files(self):
        return {path for path in self.data.rglob("*") if path.is_file()}

    def crashes(self):
        """Render workers that ended though nobody told them to."""
        text = requests.get(self.admin + "/metrics", timeout=10).text
        lines = [line for line in text.splitlines() if line.startswith("vitrine_render_worker_crashes_total")]
        assert lines, "the metric of crashes is gone"
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines)

    def assert_well(self):
        assert self.process.poll() is None, self.lines[-5:]
        assert requests.get(self.url + "/health", timeout=5).status_code == 200


def within_time(what, ask, *arguments, seconds=ANSWER_SECONDS, **keywords):
    """The answer, which came in bounded time and is a success or a problem document."""
    start = time.monotonic()
    answer = ask(*arguments, timeout=seconds, **keywords)
    elapsed = time.monotonic() - start
    assert elapsed < seconds, f"{what}: {elapsed} s"
    if answer.status_code >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json", f"{what}: {answer.headers}"
        problem = answer.json()
        assert problem["status"] == answer.status_code, what
        assert problem["type"].startswith("https://vitrine.invalid/problems/"), what
        assert problem["title"] and problem["detail"], what
    return answer


def slug(answer):
    return answer.json()["type"].rsplit("/", 1)[1] if answer.status_code >= 400 else ""
