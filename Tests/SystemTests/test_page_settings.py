"""The page's panel about settings and experiments, used by a browser as a person would."""

import json

import pytest
import requests
from selenium.webdriver.common.keys import Keys

from running_server import TOKEN, RunningServer
from settings_page import SettingsPage, features_text, publish

#: How much the page moved by itself while the figures were renewed once.
SHIFT_BY_ITSELF = """
const done = arguments[0];
let sum = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) sum += entry.value;
}).observe({ type: "layout-shift" });
setTimeout(() => done(sum), 4000);
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    running = RunningServer(tmp_path_factory.mktemp("settings"), unsafe=True)
    yield running
    assert running.stop() == 0


@pytest.fixture
def app(request, server):
    """An app of its own for each test, with one publish by ada."""
    name = request.node.name.split("[")[0].removeprefix("test_").replace("_", "-")[:60].rstrip("-")
    publish(server, name, features_text(), author="ada", comment="the first one")
    return name


@pytest.fixture
def page(browser, server):
    opened = SettingsPage(browser, server.url)
    yield opened
    assert opened.complaints() == []


def in_force(server, app):
    answer = requests.get(f"{server.admin}/admin/settings/{app}", headers={"Authorization": f"Bearer {TOKEN}"},
                          timeout=30)
    return answer.json()["latest"]


def value_of(server, app, setting, **attributes):
    answer = requests.post(f"{server.url}/v1/settings/{app}", json=attributes, headers={"X-API-Key": app}, timeout=30)
    assert answer.status_code == 200, answer.text
    return answer.json()[setting]


def test_an_app_is_shown_with_its_number_record_and_freshness(page, server, app):
    page.look(app)
    row = page.content(f'#apps tr[data-app="{app}"]')
    assert in_force(server, app)["manifest"][:12] in row
    assert page.content("#settings-state dd") == "current"
    assert page.content("#settings-count dd") == "5"
    assert not page.find("#settings-stale").is_displayed()


def test_keys_are_told_by_their_first_characters_only(page, server, app):
    fresh = publish(server, f"{app}-second", features_text())
    page.look(f"{app}-second")
    keys = page.text("keys")
    for key in (fresh["clientKey"], fresh["serverKey"]):
        assert key[:7] in keys
        assert key not in page.browser.page_source


def test_rules_are_told_in_words(page, app):
    page.look(app)
    page.choose("checkout-button")
    killed, forced, experiment = page.rules()
    assert "Kill switch" in killed
    assert page.lines(1) == ['country is one of "NL", "BE"', "age ≥ 18"]
    assert '"orange"' in forced
    assert "Experiment button-colour" in experiment
    assert page.lines(2) == ["100 % of users, by id"]
    assert "control50 %50 %" in experiment and "bright50 %50 %" in experiment
    assert "Owner: team-payments" in page.text("setting")
    page.choose("shop-open")
    assert "Kill switch" in page.text("setting")
    page.choose("sale")
    assert "Counts from Jan 1, 2020" in page.text("setting")
    page.choose("price")
    assert page.lines(0) == ["id is in the group staff"]


def test_the_form_shows_what_a_user_gets_and_why(page, app):
    page.look(app)
    page.choose("checkout-button")
    page.evaluate({"id": "ada", "country": "NL", "age": 20})
    page.until(lambda: "from rule 2" in page.text("setting"))
    killed, forced, experiment = page.rules()
    assert "killed" in killed and "matched" in forced and "not reached" in experiment
    page.evaluate({"id": "ada", "country": "DE"})
    page.until(lambda: "experiment in rule 3" in page.text("setting"))
    _, forced, experiment = page.rules()
    assert "condition not met" in forced and "matched" in experiment
    assert "experiment 1" in page.text("evaluated")
    page.click("#evaluate-clear")
    page.until(lambda: "matched" not in page.text("setting"))


def test_numbers_keep_their_spelling(page, app):
    page.look(app)
    page.choose("price")
    assert page.content("#setting .value") == "1.50"
    page.evaluate({"id": "ada"})
    page.until(lambda: page.content("#setting .verdict-box .value") == "1e0")


def test_quick_fields_write_the_attributes(page, app):
    page.look(app)
    page.choose("checkout-button")
    for path, value in (("country", "BE"), ("age", "30")):
        page.find(f'[data-path="{path}"]').send_keys(value)
    page.until(lambda: json.loads(page.find("#attributes").get_property("value"))
               == {"id": "user-1", "country": "BE", "age": 30})
    page.click("#evaluate")
    page.until(lambda: "from rule 2" in page.text("setting"))


@pytest.mark.parametrize("attributes", ["{", "[]", "7", '{"a": }'])
def test_attributes_that_are_no_object_are_refused_in_words(page, app, attributes):
    page.look(app)
    page.evaluate(attributes)
    assert page.text("attributes-problem").startswith("Attributes are a JSON object: ")
    assert page.find("#attributes").get_attribute("aria-invalid") == "true"


def test_settings_are_found_by_name_owner_and_experiment(page, app):
    page.look(app)
    for words in ("payments", "button-col", "SALE", "team check"):
        page.search(words, "1 of 5")
    page.search("nothing of this name", "0 of 5")
    page.search("", "5 settings")


@pytest.mark.parametrize("kind, names", [
    ("killed", ["checkout-button", "shop-open"]), ("experiment", ["checkout-button"]), ("schedule", ["sale"]),
])
def test_settings_are_found_by_kind(page, app, kind, names):
    page.look(app)
    page.browser.execute_script("""
        const filter = document.getElementById("setting-filter");
        filter.value = arguments[0];
        filter.dispatchEvent(new Event("change"));
    """, kind)
    page.until(lambda: page.text("setting-count") == f"{len(names)} of 5")
    assert page.listed() == names


def test_a_publish_appears_without_a_reload_and_its_difference_on_demand(page, server, app):
    page.look(app)
    page.until(lambda: page.content('#publishes [data-number="1"] .comment') == "the first one")
    publish(server, app, features_text(sale=True, checkout_button="blue"), author="grace")
    page.until(lambda: "grace" in page.content('#publishes [data-number="2"]'))
    page.until(lambda: "in force" in page.content('#publishes [data-number="2"] .acts'))
    page.click('#publishes [data-number="2"] .show-diff')
    page.until(lambda: "checkout-button" in page.content('#publishes [data-number="2"] .diff'))
    diff = page.content('#publishes [data-number="2"] .diff')
    assert "Changed (2)" in diff and '"green""blue"' in diff and "price" not in diff
    page.click('#publishes [data-number="2"] .diff button.name')
    page.until(lambda: page.text("setting-name") in ("checkout-button", "sale"))


def test_a_roll_back_asks_first_and_is_in_the_log(page, server, app):
    publish(server, app, features_text(sale=True), author="grace")
    page.look(app)
    page.until(lambda: page.find('#publishes [data-number="1"] .back').is_displayed())
    page.click('#publishes [data-number="1"] .back')
    assert page.find("#rollback-dialog").is_displayed()
    assert in_force(server, app)["number"] == 2
    page.find("#rollback-comment").send_keys("sale + shop were wrong")
    page.find("#rollback-confirm").click()
    page.until(lambda: "Number 3 is in force" in page.text("rollback-result"))
    page.until(lambda: "rolls back to 1" in page.content('#publishes [data-number="3"]'))
    latest = in_force(server, app)
    assert (latest["number"], latest["rollbackOf"], latest["author"]) == (3, 1, "page")
    assert latest["comment"] == "sale + shop were wrong"
    page.until(lambda: value_of(server, app, "sale", id="x") is False)


def test_a_roll_back_is_refused_when_somebody_published_meanwhile(page, server, app):
    publish(server, app, features_text(sale=True))
    page.look(app)
    page.until(lambda: page.find('#publishes [data-number="1"] .back').is_displayed())
    page.click('#publishes [data-number="1"] .back')
    publish(server, app, features_text(sale=True, price=9))
    page.refusals = 1
    page.find("#rollback-confirm").click()
    page.until(lambda: page.find("#publishes-problem").is_displayed())
    assert in_force(server, app)["number"] == 3


def test_exposures_are_counted_by_arm(page, server, app):
    for number in range(40):
        value_of(server, app, "checkout-button", id=f"user-{number}")
    page.look(app)
    page.until(lambda: "button-colour" in page.text("exposures"))
    def users():
        return page.browser.execute_script("""
            return [...document.querySelectorAll('#exposures tbody[data-experiment="button-colour"] tr')]
              .slice(1).map((row) => [row.cells[0].textContent, Number(row.cells[1].textContent)]);
        """)
    page.until(lambda: sum(number for _, number in users()) == 40)
    assert sorted(name for name, _ in users()) == ["bright", "control"]


def test_hostile_names_are_text(page, app):
    page.look(app)
    page.choose("<img src=x onerror=alert(1)>")
    assert "<b>nobody</b>" in page.text("setting") and "<script>alert(2)</script>" in page.text("setting")
    assert page.browser.execute_script("return document.querySelector('#settings :is(img, script)')") is None


def test_three_thousand_settings_are_a_screenful_of_rows(page, server):
    many = {"features": {f"setting-{n:04}": {"defaultValue": {"n": n}, "rules": [{"force": n}]} for n in range(3000)}}
    publish(server, "many-settings", json.dumps(many))
    page.look("many-settings")
    page.until(lambda: page.text("setting-count") == "3,000 settings")
    assert page.drawn_rows() < 60
    page.find("#setting-list").send_keys(Keys.END)
    page.until(lambda: page.text("setting-name") == "setting-2999")
    assert page.drawn_rows() < 60
    page.evaluate({"id": "x"})
    assert "rule 3,000" in page.text("evaluated")
    page.search("-0042", "1 of 3,000")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1000, 1440])
def test_the_panel_fits_its_width(page, app, tmp_path, width, scheme):
    feature = {"name": "prefers-color-scheme", "value": scheme}
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    page.look(app, width=width)
    page.choose("checkout-button")
    page.evaluate({"id": "ada"})
    assert page.browser.execute_script("return document.documentElement.scrollWidth") == width
    page.into_view("#settings")
    shot = tmp_path / f"settings-{scheme}-{width}.png"
    assert page.browser.save_screenshot(str(shot))
    print(f"screenshot: {shot}")
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_renewed_figures_move_nothing_and_keep_the_focus(page, app):
    page.look(app)
    page.choose("checkout-button")
    page.evaluate({"id": "ada"})
    page.browser.execute_script("document.querySelector(`#apps [data-app='${arguments[0]}'] button`).focus()", app)
    assert page.browser.execute_async_script(SHIFT_BY_ITSELF) == 0
    assert page.browser.switch_to.active_element.text == app
    assert page.text("setting-name") == "checkout-button"
