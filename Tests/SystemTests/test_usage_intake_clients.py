"""Events as CloudEvents' own client for Python sends them."""

import datetime
import json

import pytest
from cloudevents.core.bindings.http import to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent

from collecting import NUMBERS, Collector

DATA = {"content_id": "c-1", "content_type": "photo", "creator_id": "m-1", "user_id": "u-1", "action": "export",
        "country": "Åland", "note": "two\nlines"}


@pytest.fixture(scope="module")
def collector(tmp_path_factory):
    """One that seals every quarter of a second."""
    server = Collector(tmp_path_factory.mktemp("collector"), "--usage-segment-age", "250ms")
    yield server
    server.kill()


def made(identifier, **attributes):
    """An event of the client's."""
    return CloudEvent(
        attributes={"type": "com.vitrine.usage.v1", "source": "/apps/édi tor", "id": identifier, "specversion": "1.0",
                    "time": datetime.datetime.now(datetime.timezone.utc), "datacontenttype": "application/json",
                    "tenant": "acme, \"inc\" 100%", **attributes}, data=DATA)


@pytest.mark.parametrize("form", [to_structured_event, to_binary_event])
def test_events_of_the_client_are_taken(collector, form):
    event = made(f"client-{next(NUMBERS)}", subject="é%41")
    message = form(event)
    headers = dict(message.headers)
    kind = headers.pop("content-type")
    answer = collector.post(message.body, kind, **headers)
    assert answer.status_code == 202, answer.text
    collector.wait_for(lambda: [line for line in collector.shipped() if line["id"] == event.get_id()], "the line")
    line = next(line for line in collector.shipped() if line["id"] == event.get_id())
    assert line["source"] == "/apps/édi tor"
    assert line["country"] == "Åland"
    assert line["occurred_us"] == str(round(event.get_time().timestamp() * 1_000_000))
    assert json.loads(line["extra"]) == {"data": {"note": DATA["note"]},
                                         "attributes": {"tenant": "acme, \"inc\" 100%", "subject": "é%41"}}


def test_both_forms_of_one_event_are_copies(collector):
    event = made(f"client-{next(NUMBERS)}")
    for form in (to_structured_event, to_binary_event):
        message = form(event)
        headers = dict(message.headers)
        kind = headers.pop("content-type")
        assert collector.post(message.body, kind, **headers).status_code == 202
    collector.wait_for(lambda: sum(line["id"] == event.get_id() for line in collector.shipped()) == 2, "both lines")
    lines = [line for line in collector.shipped() if line["id"] == event.get_id()]
    assert lines[0]["content_hash"] == lines[1]["content_hash"]
    assert lines[0]["id_high"] == lines[1]["id_high"]


def test_an_event_of_the_client_without_a_time_is_refused(collector):
    event = CloudEvent(attributes={"type": "com.vitrine.usage.v1", "source": "/s", "id": "x", "specversion": "1.0",
                                   "datacontenttype": "application/json"}, data=DATA)
    message = to_binary_event(event)
    # The client puts the present time where there is none.
    headers = {name: value for name, value in message.headers.items() if name != "ce-time"}
    answer = collector.post(message.body, headers.pop("content-type"), **headers)
    assert answer.status_code == 400
    assert answer.json()["events"][0]["code"] == "missing"
