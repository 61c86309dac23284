"""`/v1/settings`: entity tags, states and deltas, spelling of numbers, placeholders."""

import base64
import json
import random
import re

import pytest

from edge_under_test import eventually
from settings_projects import GROUPS, ProjectMaker
from settings_under_test import flag_values, parsed, running_node


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    with running_node(tmp_path_factory.mktemp("documents")) as running:
        yield running


def exact(text):
    """JSON with numbers as they are spelled."""
    return json.loads(text, parse_int=lambda digits: ("number", digits), parse_float=lambda digits: ("number", digits))


class Holder:
    """A client that comes back: keeps the document, its tag and its state, and applies what it is told."""

    def __init__(self, app):
        self.app = app
        self.held = None
        self.tag = None
        self.state = None
        self.sizes = []

    def refresh(self, attributes, *fields, state=None):
        """Asks with what it holds; the kind of answer."""
        fields = list(fields)
        if state or self.state:
            fields.append(f"Vitrine-State: {state or self.state}")
        if self.tag:
            fields.append(f"If-None-Match: {self.tag}")
        response = self.app.document(attributes, *fields)
        if response.status == 304:
            kind = "unchanged"
            assert response.body == b""
        else:
            assert response.status == 200, response
            answer = exact(response.body)
            if response["vitrine-delta"]:
                assert response["vitrine-delta"] == "1" and answer.keys() == {"changed", "removed"}
                kind = "delta"
                assert not set(answer["removed"]) & answer["changed"].keys()
                assert set(answer["removed"]) <= self.held.keys()
                for name in answer["removed"]:
                    del self.held[name]
                self.held.update(answer["changed"])
            else:
                kind = "whole"
                self.held = answer
        self.sizes.append(len(response.body))
        self.tag = response["etag"]
        self.state = response["vitrine-state"]
        assert self.tag and (self.state is None or re.fullmatch(r"[A-Za-z0-9_-]+", self.state))
        return kind


# Entity tags


PEOPLE = {
    "greeting": {"defaultValue": "hello", "rules": [{"condition": {"country": "DE"}, "force": "hallo"}]},
    "size": {"defaultValue": 1, "rules": [{"condition": {"age": {"$gt": 17}}, "force": 2}]},
    "constant": {"defaultValue": [1, 2]},
    "named": {"defaultValue": "Dear {{name}}", "x-placeholders": True},
}


def test_an_unchanged_result_is_not_sent_again(node):
    app = node.app(PEOPLE)
    tag = app.document({"country": "DE"})["etag"]
    assert re.fullmatch(r'"[!#-~]+"', tag)
    for sent in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = app.document({"country": "DE"}, f"If-None-Match: {sent}")
        assert (again.status, again.body, again["etag"]) == (304, b"", tag), sent
        assert "content-type" not in again.fields
    for sent in ('"other"', tag.strip('"'), tag[:-1], '""', "x", "W/" + tag.strip('"')):
        assert app.document({"country": "DE"}, f"If-None-Match: {sent}").status == 200, sent


def test_attributes_that_no_rule_looks_at_change_nothing(node):
    app = node.app(PEOPLE)
    tag = app.document({"country": "DE", "age": 20})["etag"]
    for attributes in ({"age": 20.0, "country": "DE"}, {"country": "DE", "age": 99, "shoes": 43}):
        assert app.document(attributes, f"If-None-Match: {tag}").status == 304


def test_changed_attributes_never_get_a_wrong_304(node):
    """Every pair of different users: a 304 only where the documents are equal, and always there."""
    maker = ProjectMaker(7)
    features = maker.features(30)
    features["named"] = {"defaultValue": "Dear {{company.size}}{{id}}", "x-placeholders": True,
                         "rules": [{"condition": {"country": {"$ne": "DE"}}, "force": "Hi {{platform}}"}]}
    app = node.app(features, savedGroups=GROUPS)
    users = [maker.user(number) for number in range(25)]
    users += [{**users[0], "id": users[1]["id"]}, {"country": "DE"}, {}]
    known = []
    for user in users:
        response = app.document(user)
        known.append((response["etag"], exact(response.body)))
    for user, (_, document) in zip(users, known):
        for tag, other in random.Random(1).sample(known, 12):
            answer = app.document(user, f"If-None-Match: {tag}")
            assert answer.status == (304 if other == document else 200)
    assert len({tag for tag, _ in known}) > 15


def test_tags_of_another_app_or_surface_are_of_no_use(node):
    one, other = node.app(PEOPLE), node.app({**PEOPLE, "constant": {"defaultValue": [2, 1]}})
    tag = one.document({})["etag"]
    assert other.document({}, f"If-None-Match: {tag}").status == 200
    assert one.flags({"targetingKey": "u"}, f"If-None-Match: {tag}").status == 200
    assert one.features(f"If-None-Match: {tag}").status == 200


def test_what_differs_only_in_placeholders_has_another_tag(node):
    app = node.app(PEOPLE)
    tags = {app.document({"name": name})["etag"] for name in ("Ann", "ann", "Ann ", "Anн", 1, True, None)}
    # A missing attribute is empty, and so is null.
    assert len(tags) == 7
    assert app.document({"name": "Ann"}, f'If-None-Match: {app.document({"name": "Bob"})["etag"]}').status == 200


def test_a_publish_that_does_not_concern_the_user_costs_next_to_nothing(node):
    app = node.app(PEOPLE)
    holder = Holder(app)
    assert holder.refresh({"country": "AM"}) == "whole"
    before = dict(holder.held)
    changed = json.loads(json.dumps(PEOPLE))
    changed["greeting"]["rules"][0]["force"] = "servus"
    app.publish(changed)
    assert holder.refresh({"country": "AM"}) in ("delta", "unchanged")
    assert holder.held == before and holder.sizes[-1] < 40
    assert holder.refresh({"country": "AM"}) == "unchanged"
    assert holder.refresh({"country": "DE"}) == "delta"
    assert holder.held["greeting"] == "servus"


def test_ofreps_tags_cover_reasons_and_the_configuration(node):
    app = node.app(PEOPLE)
    user = {"targetingKey": "u1", "country": "DE"}
    tag = app.flags(user)["etag"]
    again = app.flags(user, f"If-None-Match: {tag}")
    assert (again.status, again.body) == (304, b"")
    assert app.flags({**user, "country": "AM"}, f"If-None-Match: {tag}").status == 200
    # The same values for another reason.
    changed = {**PEOPLE, "constant": {"defaultValue": 0, "rules": [{"force": [1, 2]}]}}
    values = flag_values(app.flags(user))
    app.publish(changed)
    after = app.flags(user, f"If-None-Match: {tag}")
    assert after.status == 200 and flag_values(after) == values


# States and deltas


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_deltas_over_publishes_and_changed_attributes_give_the_whole_document(node, seed):
    """A client that only ever gets deltas holds, after each step, exactly what it would get as a whole."""
    maker = ProjectMaker(seed)
    pick = maker.random
    features = maker.features(30)
    app = node.app(features, savedGroups=GROUPS)
    holders = [(Holder(app), maker.user(number)) for number in range(3)]
    kinds = []
    for step in range(14):
        if step % 2 and step < 13:
            names = list(features)
            for name in pick.sample(names, 3):
                del features[name]
            fresh = {f"{step}-{name}": feature for name, feature in maker.features(3).items()
                     if not any("parentConditions" in rule for rule in feature.get("rules", []))}
            features = {**fresh, **features} if pick.random() < 0.5 else {**features, **fresh}
            for name in pick.sample(list(features), 4):
                features[name] = {**features[name], "defaultValue": maker.value("object")}
            remaining = dict(features)
            features = {}
            for name, feature in remaining.items():
                feature = json.loads(json.dumps(feature))
                for rule in feature.get("rules", []):
                    parents = [parent for parent in rule.get("parentConditions", []) if parent["id"] in remaining]
                    rule["parentConditions"] = parents
                features[name] = feature
            app.publish(features, savedGroups=GROUPS)
        for index, (holder, user) in enumerate(holders):
            if index == 2 and step % 3:
                continue  # comes back seldom: its deltas span releases
            if pick.random() < 0.6:
                user = {**maker.user(index), "id": user["id"]}
                holders[index] = holder, user
            kinds.append(holder.refresh(user))
            assert holder.held == exact(app.document(user).body)
    assert kinds.count("whole") == len(holders), kinds
    assert kinds.count("delta") > 10, kinds


def test_a_delta_has_only_what_changed(node):
    app = node.app({**{f"s{index}": {"defaultValue": "x" * 500} for index in range(300)}, **PEOPLE})
    holder = Holder(app)
    holder.refresh({"country": "AM"})
    response = app.document({"country": "DE"}, f"Vitrine-State: {holder.state}")
    assert parsed(response) == {"changed": {"greeting": "hallo"}, "removed": []}
    assert response["vitrine-delta"] == "1"
    assert len(response.body) < 1024 < holder.sizes[0]


def test_a_delta_tells_of_placeholders(node):
    app = node.app(PEOPLE)
    holder = Holder(app)
    holder.refresh({"name": "Ann"})
    assert holder.refresh({"name": "Bob"}) == "delta"
    assert holder.held["named"] == "Dear Bob"
    holder.tag = None
    assert holder.refresh({"name": "Bob"}) == "delta"
    assert holder.sizes[-1] < 80 and holder.held["named"] == "Dear Bob"


def test_a_setting_may_become_null_and_come_back(node):
    parent = {"defaultValue": False, "rules": [{"condition": {"on": True}, "force": True}]}
    child = {"defaultValue": "there",
             "rules": [{"parentConditions": [{"id": "parent", "condition": {"value": True}, "gate": True}]}]}
    app = node.app({"parent": parent, "child": child})
    holder = Holder(app)
    for on, value in ((False, None), (True, "there"), (False, None), (True, "there")):
        holder.refresh({"on": on})
        assert holder.held == {"parent": on, "child": value}


def test_forced_values_are_told_again(node):
    """A token does not say which value was forced: another one, or none, has to come."""
    app = node.app(PEOPLE)
    holder = Holder(app)
    steps = ({"size": 5}, {"size": 6}, {}, {"constant": 1}, {"constant": [1]}, {}, {"greeting": None}, {})
    for forced in steps:
        asked = {"attributes": {"country": "DE"}, "forcedFeatures": forced}
        holder.refresh(asked)
        assert holder.held == exact(app.document(asked).body), forced


def test_other_tokens_get_the_whole_document(node):
    app, other = node.app(PEOPLE), node.app(PEOPLE | {"other": {"defaultValue": 1}})
    own = app.document({})["vitrine-state"]
    foreign = other.document({})["vitrine-state"]
    raw = bytearray(base64.urlsafe_b64decode(own + "=" * (-len(own) % 4)))
    bad = [foreign, "x", "=", "0", "A" * 5000, own[:-1], own + "A", own + "=", own[:8], "%00", '"', "é", "null", "[]"]
    for index in range(len(raw)):
        changed = bytearray(raw)
        changed[index] ^= 1 << (index % 8)
        bad.append(base64.urlsafe_b64encode(changed).decode().rstrip("="))
    shuffled = random.Random(3)
    bad += [base64.urlsafe_b64encode(shuffled.randbytes(shuffled.randrange(60))).decode() for _ in range(40)]
    document = exact(app.document({}).body)
    for token in bad:
        response = app.document({}, f"Vitrine-State: {token}")
        assert response.status == 200 and "vitrine-delta" not in response.fields, token
        assert exact(response.body) == document, token
        assert response["vitrine-state"] == own
    twice = app.document({}, f"Vitrine-State: {own}", f"Vitrine-State: {foreign}")
    assert twice.status == 200 and (exact(twice.body) == document or twice["vitrine-delta"])


def test_states_of_long_ago_get_the_whole_document(node):
    app = node.app({"a": {"defaultValue": 0}, "b": {"defaultValue": "same"}})
    old = app.document({})["vitrine-state"]
    kinds = []
    for number in range(1, 8):
        app.publish({"a": {"defaultValue": number}, "b": {"defaultValue": "same"}})
        response = app.document({}, f"Vitrine-State: {old}")
        kinds.append("delta" if response["vitrine-delta"] else "whole")
        assert parsed(response) == ({"changed": {"a": number}, "removed": []} if response["vitrine-delta"]
                                    else {"a": number, "b": "same"})
    assert kinds[0] == "delta" and kinds[-1] == "whole", kinds


def test_a_rolled_back_release_is_known_by_its_state(node):
    app = node.app({"a": {"defaultValue": 0}, "b": {"defaultValue": "same"}})
    first = app.document({})
    app.publish({"a": {"defaultValue": 1}, "b": {"defaultValue": "same"}})
    assert app.document({}, f'If-None-Match: {first["etag"]}').status == 200
    second = app.document({})
    status, answer = node.admin_call(f"/admin/settings/{app.name}/rollback?to=1", b"")
    assert status == 201, answer
    eventually(lambda: parsed(app.document({})) == {"a": 0, "b": "same"}, "the first release")
    assert parsed(app.document({}, f'Vitrine-State: {first["vitrine-state"]}')) == {"changed": {}, "removed": []}
    assert parsed(app.document({}, f'Vitrine-State: {second["vitrine-state"]}'))["changed"] == {"a": 0}
    assert app.document({}, f'If-None-Match: {first["etag"]}').status == 304


def test_a_state_outlives_a_restart(tmp_path):
    with running_node(tmp_path) as node:
        app = node.app(PEOPLE)
        first = app.document({"country": "AM"})
        node.stop()
        again = type(node)(tmp_path, "--listen", node.address)
        node.process, node.addresses = again.process, again.addresses
        app.node.wait_until_served(app, type("First", (), {"number": 1, "client_key": None}))
        assert app.document({"country": "AM"}, f'If-None-Match: {first["etag"]}').status == 304
        delta = app.document({"country": "DE"}, f'Vitrine-State: {first["vitrine-state"]}')
        assert parsed(delta) == {"changed": {"greeting": "hallo"}, "removed": []}


# Spelling


NUMBERS = ["1.0", "1e3", "1E+2", "-0", "-0.0", "0.10", "12345678901234567890123", "9007199254740993", "1e400",
           "1.5e-300",
           "0.1000000000000000055511151231257827", "100000000000000000000.00"]


def test_numbers_keep_their_spelling_on_every_surface(node):
    app = node.app({})
    listed = ",".join(f'"n{index}":{{"defaultValue":{number}}}' for index, number in enumerate(NUMBERS))
    ruled = ",".join(
        f'"r{index}":{{"defaultValue":0,"rules":[{{"condition":{{"x":1}},"force":{{"v":[{number}]}}}}]}}'
        for index, number in enumerate(NUMBERS))
    tried = ",".join(
        f'"v{index}":{{"defaultValue":0,"rules":[{{"variations":[{number},{number}],"key":"k{index}"}}]}}'
        for index, number in enumerate(NUMBERS))
    app.publish_text(f'{{"features":{{{listed},{ruled},{tried}}}}}')
    user = {"id": "u1", "x": 1}
    document = exact(app.document(user).body)
    flags = {flag["key"]: flag["value"] for flag in exact(app.flags({"targetingKey": "u1", **user}).body)["flags"]}
    remote = app.remote({"attributes": user}).body.decode()
    payload = exact(app.features().body)["features"]
    for index, number in enumerate(NUMBERS):
        spelled = ("number", number)
        for values in (document, flags):
            assert (values[f"n{index}"], values[f"v{index}"]) == (spelled, spelled)
            assert values[f"r{index}"] == {"v": [spelled]}
        assert payload[f"n{index}"]["defaultValue"] == spelled
        assert payload[f"r{index}"]["rules"][0]["force"] == {"v": [spelled]}
        assert payload[f"v{index}"]["rules"][0]["variations"] == [spelled, spelled]
        single = exact(app.flags({"targetingKey": "u1", **user}, flag=f"n{index}").body)
        assert single["value"] == spelled
        assert f'"n{index}":{{"defaultValue":{number}}}' in remote


def test_texts_and_names_survive_as_authored(node):
    values = ["", "\u0000\u001f", "\u2028\u2029", "é", "e\u0301", "\U0001f337", "</script>", "\\\"/", "a" * 70000]
    features = {f"{value[:20]}|{index}": {"defaultValue": {value[:50]: value}} for index, value in enumerate(values)}
    features |= {"constructor": {"defaultValue": 1}, "__proto__": {"defaultValue": 2}, "10": {"defaultValue": 3},
                 "é": {"defaultValue": "composed"}, "e\u0301": {"defaultValue": "decomposed"}}
    app = node.app(features)
    wanted = {name: feature["defaultValue"] for name, feature in features.items()}
    assert app.values({}) == wanted
    assert flag_values(app.flags({"targetingKey": "u"})) == wanted
    assert {name: feature["defaultValue"] for name, feature in parsed(app.features())["features"].items()} == wanted


# Placeholders


def test_placeholders_are_filled_and_escaped(node):
    app = node.app({
        "text": {"defaultValue": "Dear {{name}}, {{ company.name }} {{missing}}!", "x-placeholders": True},
        "deep": {"defaultValue": {"a": ["{{name}}{{name}}", 1.0, {"b": "{{n}}"}]}, "x-placeholders": True},
        "ruled": {"defaultValue": "no", "x-placeholders": True,
                  "rules": [{"condition": {"n": 5}, "force": "five: {{name}}"}]},
        "plain": {"defaultValue": "Dear {{name}}"},
    })
    for name in ("Ann", 'A"n\\n', "line\nbreak\u0000\u001f", "\u2028 </script>", "🌷", '","x":"y', "{{n}}", "\ud83d"):
        user = {"name": name, "company": {"name": "Ծ"}, "n": 5}
        document = app.values(user)
        assert document["text"].startswith(f"Dear {name}, ") and document["text"].endswith(" !"), document["text"]
        assert document["deep"] == {"a": [name + name, 1.0, {"b": "5"}]}
        assert document["ruled"] == f"five: {name}"
        assert document["plain"] == "Dear {{name}}"
        assert flag_values(app.flags({"targetingKey": "u", **user})) == document
        remote = parsed(app.remote({"attributes": user}))["features"]
        assert {key: feature["defaultValue"] for key, feature in remote.items()} == document


def test_placeholders_of_every_type_are_texts(node):
    app = node.app({"text": {"defaultValue": "<{{v}}>", "x-placeholders": True}})
    for value in (True, 1.50, [1, "a"], {"b": 1}, None, ""):
        text = app.values({"v": value})["text"]
        assert text.startswith("<") and text.endswith(">"), text
    assert app.values({})["text"] == "<>"
    assert app.values({"v": 12})["text"] == "<12>"
    assert app.values({"v": "x" * 100_000})["text"] == "<" + "x" * 100_000 + ">"
