"""The panel about usage in the words of its parts; and events that its tests send."""

import time

import requests
from selenium.webdriver.common.by import By

from running_server import TOKEN
from test_page import Page

BATCH = "application/cloudevents-batch+json"


def event(number, *, seconds_ago=0, source="/tests", **data):
    """A use of `ada`'s picture, unless `data` says otherwise."""
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - seconds_ago))
    whole = {"content_id": "c1", "content_type": "picture", "creator_id": "ada", "user_id": "u1", "action": "export"}
    return {"specversion": "1.0", "id": str(number), "source": source, "type": "com.vitrine.usage.v1",
            "time": moment, "data": whole | data}


def send(server, events):
    answer = requests.post(server.url + "/v1/events", json=events, headers={"Content-Type": BATCH}, timeout=30)
    assert answer.status_code == 202, answer.text


def ask(server, path, token=TOKEN):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.get(f"{server.url}/v1/usage/{path}", headers=headers, timeout=30)


class UsagePage(Page):
    """The open page with the panel about usage in view."""

    def look(self, fragment="", **screen):
        self.open(fragment, **screen)
        self.until(lambda: self.find("#usage").is_displayed())
        self.into_view("#usage")
        return self

    def into_view(self, selector):
        self.browser.execute_script("document.querySelector(arguments[0]).scrollIntoView({ block: 'start' })", selector)

    def click(self, selector):
        """As a click, whatever is above the element at this moment."""
        self.browser.execute_script("document.querySelector(arguments[0]).click()", selector)

    def content(self, selector):
        return self.browser.execute_script("return document.querySelector(arguments[0])?.textContent ?? ''", selector)

    def shown(self, selector):
        return any(element.is_displayed() for element in self.browser.find_elements(By.CSS_SELECTOR, selector))

    def stage(self, name):
        return self.content(f"#usage-stage-{name} strong")

    def creators(self):
        """`(creator, uses, amount)` of each row."""
        return [tuple(row) for row in self.browser.execute_script("""
            return [...document.querySelectorAll('#creators tr[data-creator]')]
              .map((row) => [row.dataset.creator, row.cells[2].textContent, row.cells[3].textContent]);
        """)]

    def search(self, selector, words):
        self.browser.execute_script("""
            const field = document.querySelector(arguments[0]);
            field.value = arguments[1];
            field.dispatchEvent(new Event('input'));
        """, selector, words)
