"""What the system tests share: the real binary on loopback, and a browser to look at it with.

Needs: pip install pytest selenium pillow; apt-get install chromium chromium-driver.
`VITRINE_BINARY` names the binary (default: .build/debug/vitrine in the repository).
"""

import io
import json
import os
import queue
import random
import shutil
import signal
import subprocess
import threading
import time
import urllib.request
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

REPOSITORY = Path(__file__).resolve().parents[2]
START_SECONDS = 30
STOP_SECONDS = 30


class Server:
    """One running `vitrine serve`, its data in a folder of its own."""

    def __init__(self, data, **environment):
        binary = Path(os.environ.get("VITRINE_BINARY") or REPOSITORY / ".build/debug/vitrine")
        if not binary.is_file():
            pytest.fail(f"there is no {binary}: run `swift build`, or set VITRINE_BINARY")
        kept = {name: value for name, value in os.environ.items() if not name.startswith("VITRINE_")}
        self.log = []
        self._addresses = queue.Queue()
        self._process = subprocess.Popen(
            [str(binary), "serve", "--data", str(data), "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            env={**kept, **environment},
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.url = "http://" + self._address("public")

    def _read(self):
        for line in self._process.stderr:
            self.log.append(line)
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if entry.get("msg") == "listening":
                self._addresses.put((entry.get("role"), entry.get("address")))
        self._addresses.put((None, None))

    def _address(self, wanted):
        deadline = time.monotonic() + START_SECONDS
        try:
            while True:
                role, address = self._addresses.get(timeout=max(0.0, deadline - time.monotonic()))
                if role == wanted:
                    return address
                if role is None:
                    break
        except queue.Empty:
            pass
        self._process.kill()
        self._process.wait()
        pytest.fail("the server did not come up; it said:\n" + "".join(self.log))

    def upload(self, picture, filename, token=None):
        """Stores a picture as any HTTP client would; gives the answer's object."""
        headers = {"Content-Type": "application/octet-stream"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        request = urllib.request.Request(
            f"{self.url}/originals?filename={filename}&visibility=public", data=picture, headers=headers, method="POST"
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def stop(self):
        """Ends the server as an operator would; gives its exit code."""
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return None
        finally:
            self._reader.join(timeout=5)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """A server that takes unsigned URLs and uploads without a token, as in a demonstration."""
    running = Server(tmp_path_factory.mktemp("data"), VITRINE_UNSAFE="1")
    yield running
    assert running.stop() == 0, "the server did not end well after SIGTERM; it said:\n" + "".join(running.log)


@pytest.fixture(scope="session")
def browser():
    """Chromium without a window. One for the session: starting it is the slow part."""
    options = Options()
    options.binary_location = shutil.which("chromium") or ""
    driver = shutil.which("chromedriver")
    if not options.binary_location or not driver:
        pytest.fail("there is no Chromium here: apt-get install -y chromium chromium-driver")
    arguments = ["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run",
                 "--disable-background-networking", "--disable-component-update", "--window-size=1440,900"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    for argument in arguments:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    chromium = webdriver.Chrome(service=Service(driver), options=options)
    chromium.set_script_timeout(30)
    yield chromium
    chromium.quit()


@pytest.fixture
def picture():
    """Makes pictures that no other test has: `picture(width, height, left=…, right=…)` gives bytes."""
    def make(width=900, height=600, left="#b3261e", right="#1e4fb3", format="JPEG"):
        image = Image.new("RGB", (width, height), left)
        draw = ImageDraw.Draw(image)
        draw.rectangle((width // 2, 0, width, height), fill=right)
        marks = random.SystemRandom()
        for row in range(8):
            shade = tuple(marks.randrange(256) for _ in range(3))
            draw.rectangle((0, height - 8 + row, width, height - 8 + row), fill=shade)
        encoded = io.BytesIO()
        image.save(encoded, format, quality=90)
        return encoded.getvalue()
    return make
