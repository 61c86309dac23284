"""What several files of tests share.

The browser needs, besides requirements.txt: apt-get install chromium chromium-driver.
"""

import io
import itertools
import os
import random
import re
import shutil

import pytest
from PIL import Image, ImageDraw
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

from edge_under_test import Page, running_edge
from running_server import run
from scripted_origin import ScriptedOrigin
from usage_shelf import Shelf, line

PAGE_NUMBERS = itertools.count(1)


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


@pytest.fixture(scope="session")
def scripted_origin():
    """The origin behind the shared edge."""
    origin = ScriptedOrigin()
    yield origin
    origin.close()


@pytest.fixture(scope="session")
def edge(tmp_path_factory, scripted_origin):
    """One edge for all tests that need nothing special of it."""
    with running_edge(tmp_path_factory.mktemp("edge"), scripted_origin.url) as running:
        yield running


@pytest.fixture
def page(request, edge, scripted_origin):
    """A page of the origin that no other test uses; afterwards everything the origin was asked must be proper."""
    scripted_origin.violations.clear()
    path = f"/{next(PAGE_NUMBERS)}/" + re.sub(r"\W+", "-", request.node.name).strip("-")
    yield Page(edge, scripted_origin, path)
    assert not scripted_origin.violations
    edge.assert_well()


@pytest.fixture(scope="session")
def usage_python(tmp_path_factory):
    """An interpreter that has the packages which count: VITRINE_TEST_PYTHON, or the one that a first run makes."""
    if given := os.environ.get("VITRINE_TEST_PYTHON"):
        return given
    shelf = Shelf(tmp_path_factory.mktemp("python") / "data")
    shelf.ship("a", 1, [line("1")])
    run("usage", "run", "--data", shelf.data)
    return next((shelf.data / "usage").glob("python-*/bin/python"))
