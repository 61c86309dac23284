"""The page at "/", used by a browser as a person would."""

import base64
import json
from urllib.parse import urlsplit

import pytest
import requests
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from running_server import TOKEN, RunningServer

PATIENCE_SECONDS = 20

NATURAL_SIZE = """
const picture = document.getElementById("preview");
return picture.hidden ? null : [picture.naturalWidth, picture.naturalHeight];
"""
PIXEL = """
const picture = document.getElementById("preview"), canvas = document.createElement("canvas");
[canvas.width, canvas.height] = [picture.naturalWidth, picture.naturalHeight];
const context = canvas.getContext("2d");
context.drawImage(picture, 0, 0);
return [...context.getImageData(arguments[0], arguments[1], 1, 1).data];
"""
DROP = """
const bytes = Uint8Array.from(atob(arguments[0]), (character) => character.charCodeAt(0));
const transfer = new DataTransfer();
transfer.items.add(new File([bytes], arguments[1], { type: "image/jpeg" }));
const target = document.getElementById("frame");
for (const kind of ["dragenter", "dragover", "drop"]) {
  target.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
}
"""
LAYOUT_SHIFT = """
const done = arguments[0];
let sum = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
}).observe({ type: "layout-shift", buffered: true });
setTimeout(() => done(sum), 250);
"""


class Page:
    """The open page, in the words of its controls."""

    def __init__(self, browser, url):
        self.browser = browser
        self.url = url
        self.refusals = 0

    def open(self, fragment="", width=1440, height=900, density=1):
        screen = {"width": width, "height": height, "deviceScaleFactor": density, "mobile": width < 600}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        self.browser.get("about:blank")
        for kind in ("browser", "performance"):
            self.browser.get_log(kind)
        self.browser.get(f"{self.url}/{fragment}")
        self.until(lambda: self.text("version"))
        return self

    def until(self, condition):
        return WebDriverWait(self.browser, PATIENCE_SECONDS, poll_frequency=0.05).until(lambda _: condition())

    def find(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def text(self, name):
        return self.browser.execute_script("return document.getElementById(arguments[0]).textContent", name)

    def type(self, name, value):
        """Replaces what a field holds, key by key."""
        field = self.reveal(f'#controls [name="{name}"]:not([type="range"])')
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(str(value) if value != "" else Keys.DELETE)

    def pick(self, name, value):
        self.reveal(f'#controls [name="{name}"][value="{value}"]').click()

    def reveal(self, selector):
        element = self.find(selector)
        self.browser.execute_script(
            "const group = arguments[0].closest('details'); if (group) group.open = true;"
            "arguments[0].scrollIntoView({ block: 'center' });", element)
        return element

    def write_options(self, line):
        field = self.reveal("#options")
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(line)

    def choose_file(self, path):
        self.find("#file").send_keys(str(path))

    def natural_size(self):
        return self.browser.execute_script(NATURAL_SIZE)

    def shows(self, width, height):
        """Waits for a preview of exactly this many pixels."""
        def is_there():
            return self.natural_size() == [width, height] and not self.find("#busy").is_displayed()
        try:
            self.until(is_there)
        except TimeoutException:
            pytest.fail(f"no preview of {width} × {height}, but {self.natural_size()}; "
                        f"problem: {self.text('problem')!r}, URL {self.text('snippet-url')}")

    def pixel(self, x, y):
        return self.browser.execute_script(PIXEL, x, y)

    def tiles(self):
        return self.browser.find_elements(By.CSS_SELECTOR, "#gallery button.tile img")

    def complaints(self):
        """What the browser's console says is wrong, refusals that a test provoked aside."""
        severe = [entry["message"] for entry in self.browser.get_log("browser") if entry["level"] == "SEVERE"]
        refused = [message for message in severe if "the server responded with a status of 4" in message]
        return [message for message in severe if message not in refused] + refused[self.refusals:]

    def requested_hosts(self):
        hosts = set()
        for entry in self.browser.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                parts = urlsplit(message["params"]["request"]["url"])
                if parts.scheme.startswith("http"):
                    hosts.add(parts.netloc)
        return hosts


def upload(server, bytes, filename, token=TOKEN):
    answer = requests.post(
        f"{server.url}/originals", params={"filename": filename, "visibility": "public"}, data=bytes,
        headers={"Authorization": f"Bearer {token}"}, timeout=60,
    )
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server that takes unsigned URLs and requests without a token, as a demonstration does."""
    running = RunningServer(tmp_path_factory.mktemp("demo"), unsafe=True)
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="module")
def strict_server(tmp_path_factory):
    """A server that wants signatures and tokens."""
    running = RunningServer(tmp_path_factory.mktemp("strict"), unsafe=False)
    yield running
    assert running.stop() == 0


@pytest.fixture
def page(browser, server):
    opened = Page(browser, server.url)
    yield opened
    assert opened.complaints() == []


@pytest.fixture
def strict_page(browser, strict_server):
    opened = Page(browser, strict_server.url)
    yield opened
    browser.execute_script("sessionStorage.clear()")
    assert opened.complaints() == []


@pytest.fixture
def at_work(page, server, picture):
    """The page with a 900 × 600 picture on the workbench: red on the left, blue on the right."""
    stored = upload(server, picture(900, 600), "two-halves.jpg")
    page.open(f"#/{stored['id']}/rs:fit:450:450")
    page.shows(450, 300)
    return page


def test_an_uploaded_picture_is_previewed_at_the_size_asked_for(page, picture, tmp_path):
    path = tmp_path / "holiday.jpg"
    path.write_bytes(picture(1200, 900))
    page.open()
    page.choose_file(path)
    page.until(lambda: "holiday.jpg" in page.text("source-name"))
    page.pick("rt", "fill")
    page.type("w", 300)
    page.type("h", 200)
    page.shows(300, 200)
    assert page.text("fact-size") == "300 × 200"
    assert "/rs:fill:300:200/plain/original://" in page.text("snippet-url")
    assert page.until(lambda: "is stored" in page.text("upload-status"))


def test_a_picture_dropped_anywhere_is_stored_and_put_on_the_workbench(at_work, picture):
    encoded = base64.b64encode(picture(500, 400)).decode()
    at_work.browser.execute_script(DROP, encoded, "dropped.jpg")
    at_work.until(lambda: "dropped.jpg" in at_work.text("source-name"))
    at_work.shows(450, 360)


def test_the_same_picture_twice_is_one_tile(page, server, picture, tmp_path):
    path = tmp_path / "twice.jpg"
    path.write_bytes(picture())
    upload(server, path.read_bytes(), "twice.jpg")
    page.open()
    page.until(lambda: page.tiles())
    before = len(page.tiles())
    page.choose_file(path)
    page.until(lambda: "was already here" in page.text("upload-status"))
    assert len(page.tiles()) == before


def test_a_file_that_is_no_picture_is_refused_in_words(page, tmp_path):
    path = tmp_path / "letter.jpg"
    path.write_text("Dear Sir or Madam")
    page.refusals = 1
    page.open()
    page.choose_file(path)
    page.until(lambda: page.find("#gallery-problem").is_displayed())
    assert page.text("gallery-problem").startswith("letter.jpg: ")


@pytest.mark.parametrize("format, media_type", [
    ("jpeg", "image/jpeg"), ("webp", "image/webp"), ("avif", "image/avif"), ("png", "image/png"), ("gif", "image/gif"),
])
def test_a_chosen_format_is_what_arrives(at_work, format, media_type):
    at_work.pick("format", format)
    at_work.until(lambda: at_work.text("snippet-url").endswith(f"@{format}"))
    at_work.shows(450, 300)
    assert at_work.text("fact-type").startswith(media_type)
    for fact in ("fact-bytes", "fact-time", "fact-share"):
        assert any(character.isdigit() for character in at_work.text(fact)), fact


def test_without_a_format_the_browser_gets_one_it_prefers(at_work):
    assert at_work.text("fact-type").split(";")[0] in ("image/avif", "image/webp")
    assert "@" not in at_work.text("snippet-url")


def test_a_format_the_browser_cannot_draw_has_a_stand_in(at_work):
    at_work.pick("format", "jxl")
    at_work.until(lambda: at_work.text("fact-type").startswith("image/jxl"))
    at_work.shows(450, 300)


def test_the_server_tells_its_own_time_and_what_its_cache_did(at_work):
    at_work.type("q", 71)
    at_work.until(lambda: "/q:71/" in at_work.text("snippet-url"))
    at_work.until(lambda: at_work.text("fact-server").endswith("ms"))
    assert at_work.text("fact-cache") not in ("", "–")


def test_a_refused_option_is_named_beside_its_line_and_the_picture_stays(at_work):
    at_work.refusals = 1
    at_work.write_options("rs:fill:300:200/q:abc")
    at_work.until(lambda: at_work.find("#problem").is_displayed())
    assert at_work.find("#option-problem").is_displayed()
    assert "“q”" in at_work.text("option-problem")
    assert at_work.find("#q").get_attribute("aria-invalid") == "true"
    assert at_work.natural_size() == [450, 300]
    at_work.write_options("rs:fill:300:200/q:70")
    at_work.shows(300, 200)
    assert not at_work.find("#problem").is_displayed()
    assert at_work.find("#q").get_attribute("aria-invalid") is None


def test_options_and_controls_follow_each_other(at_work):
    at_work.write_options("resize:fill:320:160/g:no/blur:2/kcr:1")
    at_work.shows(320, 160)
    assert at_work.find("#w").get_property("value") == "320"
    assert at_work.find('[name="rt"][value="fill"]').is_selected()
    assert at_work.find("#bl").get_property("value") == "2"
    at_work.type("w", 200)
    at_work.shows(200, 160)
    assert at_work.find("#options").get_property("value") == "rs:fill:200:160/g:no/bl:2/kcr:1"


def test_a_click_on_the_source_sets_the_focus_point(at_work):
    at_work.write_options("rs:fill:100:300")
    at_work.shows(100, 300)
    picker = at_work.reveal("#focus")
    at_work.until(lambda: at_work.browser.execute_script("return document.getElementById('focus-picture').complete"))
    box = picker.size
    ActionChains(at_work.browser).move_to_element_with_offset(picker, -box["width"] // 2 + 8, 0).click().perform()
    at_work.until(lambda: "g:fp:0." in at_work.text("snippet-url"))
    at_work.shows(100, 300)
    red, _, blue, _ = at_work.pixel(50, 100)
    assert red > 120 > blue, "the left half is red"
    picker.send_keys(*[Keys.ARROW_RIGHT] * 60)
    at_work.until(lambda: "g:fp:1:" in at_work.text("snippet-url"))
    at_work.shows(100, 300)
    red, _, blue, _ = at_work.pixel(50, 100)
    assert blue > 120 > red, "the right half is blue"


def test_text_is_drawn_over_the_picture(at_work):
    at_work.pick("format", "png")
    at_work.until(lambda: at_work.text("fact-type") == "image/png")
    def darkest():
        return min(sum(at_work.pixel(x, 150)[:3]) for x in range(120, 330, 3))
    assert darkest() > 150
    at_work.type("text", "MMMMMM")
    at_work.type("textSize", 60)
    at_work.until(lambda: "/txt:TU1NTU1N:60/" in at_work.text("snippet-url"))
    at_work.shows(450, 300)
    assert darkest() < 60


def test_formats_are_compared_beside_each_other(at_work):
    at_work.reveal("#compare").click()
    def sizes():
        return [cell.text for cell in at_work.browser.find_elements(By.CSS_SELECTOR, "#comparison td:nth-child(2)")]
    at_work.until(lambda: sizes() and all(text.endswith("B") for text in sizes()))
    assert len(sizes()) >= 3
    assert len(at_work.browser.find_elements(By.CSS_SELECTOR, "#comparison tr.best")) == 1


def test_the_passport_tells_size_and_paints_the_blurhash(at_work):
    at_work.until(lambda: "900 × 600" in at_work.text("info"))
    left, right = at_work.browser.execute_script("""
        const context = document.getElementById("blurhash").getContext("2d");
        return [4, 60].map((x) => [...context.getImageData(x, 20, 1, 1).data]);
    """)
    assert left[0] > left[2], "red on the left"
    assert right[2] > right[0], "blue on the right"


def test_every_stored_picture_has_a_tile_with_a_thumbnail(page, server, picture):
    ids = [upload(server, picture(400, 300), f"sample-{number}.jpg")["id"] for number in range(3)]
    page.open()
    for id in ids:
        tile = page.until(lambda: page.find(f'#gallery img[src$="{id}"]'))
        page.browser.execute_script("arguments[0].scrollIntoView();", tile)
        page.until(lambda: tile.get_property("naturalWidth") == 264)
    assert "sample-2.jpg" in page.find("#gallery").text


def test_a_reload_keeps_picture_and_options(at_work):
    at_work.write_options("rs:fill:240:120/bl:3")
    at_work.shows(240, 120)
    at_work.browser.refresh()
    at_work.shows(240, 120)
    assert at_work.find("#options").get_property("value") == "rs:fill:240:120/bl:3"


@pytest.mark.parametrize("width, height", [(390, 844), (1440, 900)])
def test_the_page_fits_its_width_and_stands_still_while_it_loads(page, server, picture, tmp_path, width, height):
    upload(server, picture(1600, 1000), "wide.jpg")
    page.open(width=width, height=height)
    page.until(lambda: page.natural_size())
    assert page.browser.execute_script("return document.documentElement.scrollWidth") == width
    assert page.browser.execute_async_script(LAYOUT_SHIFT) < 0.02
    shot = tmp_path / f"page-{width}.png"
    assert page.browser.save_screenshot(str(shot))
    print(f"screenshot: {shot}")


def test_a_dense_screen_does_not_change_what_the_url_means(page, server, picture):
    stored = upload(server, picture(900, 600), "dense.jpg")
    page.open(f"#/{stored['id']}/rs:fit:300:300", density=2)
    page.shows(300, 200)
    page.write_options("rs:fit:150:150")
    page.shows(150, 100)


def test_the_page_asks_no_other_host(at_work, server):
    at_work.reveal("#compare").click()
    assert at_work.requested_hosts() == {urlsplit(server.url).netloc}


def test_a_strict_server_is_used_with_a_token_and_signed_urls(strict_page, strict_server, picture):
    upload(strict_server, picture(900, 600), "signed.jpg")
    strict_page.open()
    field = strict_page.find("#token")
    strict_page.until(field.is_displayed)
    strict_page.refusals = 1
    field.send_keys("wrong", Keys.ENTER)
    strict_page.until(lambda: strict_page.find("#access-problem").is_displayed())
    field.send_keys(TOKEN, Keys.ENTER)
    strict_page.shows(640, 427)
    assert "/img/unsafe/" not in strict_page.text("snippet-url")
    assert requests.get(strict_page.text("snippet-url"), timeout=30).status_code == 200
    strict_page.until(lambda: "900 × 600" in strict_page.text("info"))


def test_a_token_in_the_address_is_used_and_taken_out_of_it(strict_page, strict_server, picture):
    upload(strict_server, picture(300, 400), "handed.jpg")
    strict_page.open(f"#token={TOKEN}")
    strict_page.until(strict_page.natural_size)
    assert TOKEN not in strict_page.browser.current_url
    assert not strict_page.find("#access").is_displayed()


def test_a_picture_beyond_the_first_page_is_found_by_its_address(page, server, picture):
    ids = [upload(server, picture(60, 40), f"many-{number}.jpg")["id"] for number in range(51)]
    listed = requests.get(f"{server.url}/originals", params={"limit": 50}, timeout=30).json()
    assert listed["next"]
    hidden = next(id for id in ids if id not in {original["id"] for original in listed["originals"]})
    page.open(f"#/{hidden}/rs:fit:30:30")
    page.shows(30, 20)
    page.reveal("#gallery .more").click()
    page.until(lambda: len(page.tiles()) > 51)


def test_every_control_has_a_name_for_those_who_listen(at_work):
    nameless = at_work.browser.execute_script("""
        return [...document.querySelectorAll("input, select, textarea, button")]
          .filter((control) => !control.labels?.length && !control.ariaLabel && !control.textContent.trim())
          .map((control) => control.outerHTML);
    """)
    assert nameless == []


@pytest.mark.parametrize("line, written", [
    ("rs:fill:300:200", "rs:fill:300:200"),
    ("resize:auto:300:0:1:1", "rs:auto:300:0/el:1/ex:1"),
    ("s:300/rt:force", "rs:force:300:0"),
    ("w:100/w:200", "rs:fit:200:0"),
    ("f:webp/q:80", "q:80@webp"),
    ("q:80@jpg", "q:80@jpeg"),
    ("g:fp:0.25:0.75", "g:fp:0.25:0.75"),
    ("g:no:0:10", "g:no:0:10"),
    ("g:sm", "g:sm"),
    ("pd:10", "pd:10:10:10:10"),
    ("pd:10:20", "pd:10:20:10:20"),
    ("bg:255:128:0", "bg:ff8000"),
    ("bg:fff", "bg:ffffff"),
    ("c:100:0.5", "c:100:0.5"),
    ("t:10", "t:10"),
    ("rot:450", "rot:90"),
    ("fl:1", "fl:1:0"),
    ("aq:dssim", "aq:dssim:0.02"),
    ("aq:size:20000", "aq:size:20000"),
    ("sm:0/ar:f", "ar:0/sm:0"),
    ("txt:wqkgeW91:30:fff:soea:-8:-8:0.5", "txt:wqkgeW91:30:ffffff:soea:-8:-8:0.5"),
    ("txt:YQ/txt:Yg", "txt:YQ/txt:Yg"),
    ("wm:0.5:soea:10:10:0.2", "wm:0.5:soea:10:10:0.2"),
    ("c:100:100:no", "c:100:100:no"),
    ("w:abc", "w:abc"),
    ("/img/unsafe/rs:fit:10:20/plain/original://abc@png", "rs:fit:10:20@png"),
])
def test_an_option_line_is_understood_and_written_back(page, line, written):
    page.open()
    got = page.browser.execute_async_script("""
        const [line, done] = arguments;
        import("/page/options.js").then(({ parse, format }) => {
          const once = format(parse(line));
          done([once, format(parse(once))]);
        });
    """, line)
    assert got == [written, written]
