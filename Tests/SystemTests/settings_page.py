"""The panel about settings, in the words of its parts; and the features files that its tests publish."""

import json
from urllib.parse import quote, urlencode

import requests
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from running_server import TOKEN
from test_page import Page

FEATURES = {
    "savedGroups": {"staff": ["ada", "grace"]},
    "features": {
        "checkout-button": {
            "defaultValue": "green", "x-owner": "team-payments",
            "rules": [
                {"x-kill": True, "force": "black"},
                {"condition": {"country": {"$in": ["NL", "BE"]}, "age": {"$gte": 18}}, "force": "orange"},
                {"key": "button-colour", "variations": ["green", "red"], "weights": [0.5, 0.5], "coverage": 1,
                 "meta": [{"key": "control"}, {"key": "bright"}]},
            ],
        },
        "price": {"defaultValue": 7, "rules": [{"condition": {"id": {"$inGroup": "staff"}}, "force": 5}]},
        "shop-open": {"defaultValue": False, "x-kill": True, "rules": [{"force": True}]},
        "sale": {"defaultValue": False, "rules": [
            {"x-schedule": {"from": "2020-01-01T00:00:00Z", "until": "2020-02-01T00:00:00Z"}, "force": True},
        ]},
        "<img src=x onerror=alert(1)>": {"defaultValue": "<script>alert(2)</script>", "x-owner": "<b>nobody</b>"},
    },
}
#: Numbers whose spelling apps rely on.
SPELLINGS = (('"defaultValue": 7', '"defaultValue": 1.50'), ('"force": 5', '"force": 1e0'))


def features_text(**changed):
    """The features file, with other default values where `changed` (underscores for hyphens) says so."""
    document = json.loads(json.dumps(FEATURES))
    for name, value in changed.items():
        document["features"][name.replace("_", "-")]["defaultValue"] = value
    text = json.dumps(document)
    for plain, spelt in SPELLINGS:
        text = text.replace(plain, spelt)
    return text


def publish(server, app, text, **query):
    """Publishes a features file by the admin listener; the answer."""
    # A "+" in a query stands for itself.
    answer = requests.post(f"{server.admin}/admin/settings/{app}?{urlencode(query, quote_via=quote)}",
                           data=text.encode(), headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60)
    assert answer.status_code == 201, answer.text
    return answer.json()


class SettingsPage(Page):
    """The open page with the panel about settings in view."""

    def look(self, app, fragment="", **screen):
        """Opens the page and chooses an app."""
        self.open(fragment, **screen)
        self.until(lambda: self.find("#settings").is_displayed())
        self.into_view("#settings")
        self.until(lambda: self.browser.find_elements(By.CSS_SELECTOR, f'#apps tr[data-app="{app}"]'))
        self.click(f'#apps tr[data-app="{app}"] button')
        self.until(lambda: self.text("browser-title") == f"Settings of {app}")
        return self

    def into_view(self, selector):
        self.browser.execute_script("document.querySelector(arguments[0]).scrollIntoView({ block: 'start' })", selector)

    def click(self, selector):
        """As a click, whatever is above the element at this moment."""
        self.browser.execute_script("document.querySelector(arguments[0]).click()", selector)

    def content(self, selector):
        return self.browser.execute_script("return document.querySelector(arguments[0])?.textContent ?? ''", selector)

    def search(self, words, expect):
        field = self.find("#setting-search")
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(words or Keys.DELETE)
        self.until(lambda: self.text("setting-count") == expect)

    def listed(self):
        """Names of the settings in the list, as far as rows are drawn."""
        script = "return [...document.querySelectorAll('.long-row .row-name')].map((name) => name.textContent)"
        return self.browser.execute_script(script)

    def choose(self, name):
        """Looks at a setting that the list has."""
        script = """
            const row = [...document.querySelectorAll('.long-row')]
              .find((row) => row.querySelector('.row-name').textContent === arguments[0]);
            row?.click();
            return row !== undefined;
        """
        self.until(lambda: self.browser.execute_script(script, name))
        self.until(lambda: self.text("setting-name") == name)

    def evaluate(self, attributes):
        self.browser.execute_script("""
            const field = document.getElementById('attributes');
            field.value = arguments[0];
            field.dispatchEvent(new Event('input'));
            document.getElementById('evaluated').textContent = '';
        """, attributes if isinstance(attributes, str) else json.dumps(attributes))
        self.click("#evaluate")
        self.until(lambda: self.text("evaluated") or self.find("#attributes-problem").is_displayed())

    def rules(self):
        """Each rule's text: what it is, what became of it, what narrows it, what it gives."""
        return [element.get_property("textContent")
                for element in self.browser.find_elements(By.CSS_SELECTOR, "#setting .rules > li")]

    def lines(self, rule):
        return self.browser.execute_script("""
            const rule = document.querySelectorAll('#setting .rules > li')[arguments[0]];
            return [...rule.querySelectorAll('.lines li')].map((line) => line.textContent);
        """, rule)

    def drawn_rows(self):
        return self.browser.execute_script("return document.querySelectorAll('.long-row').length")
