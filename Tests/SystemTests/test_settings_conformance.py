"""`vitrine settings conformance`: cases computed by hand, lines that are no cases, and GrowthBook's Python SDK."""

import json
import random
import re

import pytest
from growthbook import Experiment, GrowthBook

from settings_people import conformance


def ask(*cases):
    """Outputs of (section, input) pairs; a skip is a pair of "skip" and the reason."""
    lines = [json.dumps({"id": index, "section": section, "name": "own", "input": given})
             for index, (section, given) in enumerate(cases)]
    answers = conformance(lines)
    assert [answer["id"] for answer in answers] == list(range(len(cases)))
    return [answer["output"] if "output" in answer else ("skip", answer["skip"]) for answer in answers]


def fnv(text):
    """FNV-1a, 32 bits, over UTF-16 units of which each counts whole."""
    value = 0x811C9DC5
    units = text.encode("utf-16-le", "surrogatepass")
    for index in range(0, len(units), 2):
        value = (value ^ int.from_bytes(units[index:index + 2], "little")) * 0x01000193 & 0xFFFFFFFF
    return value


def hashed(seed, value, version):
    if version == 2:
        return fnv(str(fnv(seed + value))) % 10_000 / 10_000
    return fnv(value + seed) % 1_000 / 1_000


# MARK: Lines

def test_every_line_has_one_answer_in_its_place():
    lines = ["", "{", "nonsense", "[]", "null", "7", '"text"', "{}", '{"id":1}', '{"id":2,"section":"hash"}',
             '{"id":3,"section":"hash","input":{}}', '{"id":4,"section":"unheard-of","input":[]}',
             '{"id":5,"section":7,"input":[]}', '{"id":{"a":[1]},"section":"getEqualWeights","input":[2]}',
             '{"id":"text","section":"getEqualWeights","input":[1]}',
             '{"section":"getEqualWeights","input":[1]}', '{"id":6,"section":"hash","input":["a","b",1]',
             "[" * 5_000, '{"id":7,"section":"getEqualWeights","input":[1]} trailing', "\ufeff{}",
             '{"id":8,"section":"evalCondition","input":[' + '{"$not":' * 1_000 + "{}" + "}" * 1_000 + ',{}]}',
             '{"id":9,"section":"getEqualWeights","input":[4]}']
    answers = conformance(lines)
    answered = {json.dumps(answer.get("id")): answer for answer in answers}
    assert answered["9"]["output"] == [0.25] * 4, "and none of them ended it"
    assert answered['{"a": [1]}']["output"] == [0.5, 0.5] and answered['"text"']["output"] == [1]
    for key in ("1", "2", "3", "4", "5"):
        assert isinstance(answered[key]["skip"], str) and answered[key]["skip"], answered[key]
    # An empty line may be passed over, everything else is answered.
    assert len(answers) in (len(lines) - 1, len(lines))
    for answer in answers:
        assert ("output" in answer) != ("skip" in answer), answer


@pytest.mark.parametrize("section", ["hash", "getBucketRange", "chooseVariation", "inNamespace", "getEqualWeights",
                                     "getQueryStringOverride", "evalCondition", "versionCompare", "feature", "run",
                                     "stickyBucket"])
def test_odd_inputs_are_answered_one_way_or_the_other(section):
    odd = [None, True, -1, 0.5, 1e308, "", "text", "😀", [], [None], {}, {"a": None}, [[1, 2]], {"features": 7},
           {"attributes": []}, {"features": {"f": {"rules": 7}}}, {"variations": []}, {"variations": 3},
           {"features": {"f": {"defaultValue": 1, "rules": [{"force": 2, "parentConditions": [{"id": "f"}]}]}}}]
    cases = [(section, given) for given in
             [[], [None], *([one] for one in odd), *([one, other] for one in odd for other in odd),
              *([one, other, third] for one in odd[:8] for other in odd[:8] for third in odd[:8])]]
    answers = ask(*cases)
    assert len(answers) == len(cases)


def test_ids_and_numbers_come_back_as_they_are():
    lines = ['{"id":12345678901234567890,"section":"getEqualWeights","input":[1]}',
             '{"id":null,"section":"getEqualWeights","input":[1]}',
             '{"id":"é\\u0000","section":"getEqualWeights","input":[1]}']
    answers = conformance(lines)
    assert answers[1] == {"id": None, "output": [1]} and answers[2]["id"] == "é\0"
    assert answers[0]["id"] in (12345678901234567890, 12345678901234567000, 12345678901234567168)


# MARK: By hand

def test_hashes_of_both_versions():
    generator = random.Random(4)
    texts = ["", "a", "b", "user-1", "é", "日本", "😀", "\ud83d", "e\u0301", "1", "x" * 500]
    cases = []
    for _ in range(400):
        seed, value = generator.choice(texts), generator.choice(texts) + str(generator.randrange(1000))
        cases.append((seed, value, generator.choice([1, 2])))
    answers = ask(*(("hash", [*case]) for case in cases))
    assert answers == [hashed(*case) for case in cases]
    assert ask(("hash", ["a", "b", 3]), ("hash", ["a", "b", 0])) == [None, None]


def test_ranges_weights_and_choices():
    assert ask(
        ("getEqualWeights", [-1]), ("getEqualWeights", [0]), ("getEqualWeights", [4]),
        ("getBucketRange", [2, 1, None]), ("getBucketRange", [2, 0.5, None]), ("getBucketRange", [4, 1, None]),
        ("getBucketRange", [2, 1, [0.4, 0.6]]), ("getBucketRange", [2, -0.2, None]),
        ("getBucketRange", [2, 1.5, None]), ("getBucketRange", [2, 1, [0.4, 0.1]]),
        ("getBucketRange", [4, 1, [0.4, 0.4, 0.2]]), ("getBucketRange", [2, 1, [0.7, 0.7]]),
        ("chooseVariation", [0.2, [[0, 0.5], [0.5, 1]]]), ("chooseVariation", [0.5, [[0, 0.5], [0.5, 1]]]),
        ("chooseVariation", [0.7, [[0, 0.25], [0.5, 0.65]]]), ("chooseVariation", [0, [[0, 0], [0, 1]]]),
    ) == [
        [], [], [0.25] * 4,
        [[0, 0.5], [0.5, 1]], [[0, 0.25], [0.5, 0.75]], [[0, 0.25], [0.25, 0.5], [0.5, 0.75], [0.75, 1]],
        [[0, 0.4], [0.4, 1]], [[0, 0], [0.5, 0.5]],
        [[0, 0.5], [0.5, 1]], [[0, 0.5], [0.5, 1]],
        [[0, 0.25], [0.25, 0.5], [0.5, 0.75], [0.75, 1]], [[0, 0.5], [0.5, 1]],
        0, 1, -1, 1,
    ]


def test_namespaces_and_the_query():
    bucket = hashed("__ns", "u1", 1)
    assert ask(
        ("inNamespace", ["u1", ["ns", bucket, bucket + 0.001]]), ("inNamespace", ["u1", ["ns", 0, bucket]]),
        ("inNamespace", ["u1", ["ns", bucket + 0.001, 1]]), ("inNamespace", ["u1", ["ns", 0, 1]]),
    ) == [True, False, False, True]
    url = "http://www.example.com/a"
    assert ask(
        ("getQueryStringOverride", ["exp", url + "?exp=1", 2]), ("getQueryStringOverride", ["exp", url, 2]),
        ("getQueryStringOverride", ["exp", url + "?exp=2", 2]), ("getQueryStringOverride", ["exp", url + "?exp=-1", 2]),
        ("getQueryStringOverride", ["exp", url + "?a=1&exp=0#exp=1", 2]), ("getQueryStringOverride", ["exp", "", 2]),
        ("getQueryStringOverride", ["exp", url + "?exp=1abc", 2]), ("getQueryStringOverride", ["exp", url + "?exp", 2]),
        ("getQueryStringOverride", ["exp", url + "?exp=x&exp=1", 2]),
        ("getQueryStringOverride", ["exp", url + "?exp= 1", 2]),
        ("getQueryStringOverride", ["exp", url + "?exp=0x1", 2]),
    ) == [1, None, None, None, 0, None, 1, None, None, 1, 1]


CONDITIONS = [
    ({}, {}, True), ({"a": 1}, {"a": 1}, True), ({"a": 1}, {"a": "1"}, True), ({"a": "1"}, {"a": 1}, True),
    ({"a": 1}, {"a": True}, True), ({"a": 0}, {"a": None}, True), ({"a": None}, {}, True),
    ({"a": True}, {"a": "x"}, True), ({"a": False}, {"a": 0}, True), ({"a": False}, {}, False),
    ({"a": "null"}, {}, True), ({"a": [1, 2]}, {"a": [1, 2]}, True), ({"a": {"b": 1}}, {"a": {"b": 1}}, True),
    ({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}}, False), ({"a.b": 1}, {"a": {"b": 1}}, True),
    ({"a.0": 1}, {"a": [1]}, True), ({"a.length": 1}, {"a": [1]}, True), ({"$and": []}, {}, True),
    ({"$or": []}, {}, True), ({"$nor": []}, {}, False), ({"$not": {}}, {}, False),
    ({"$and": [{"a": 1}, {"b": 2}]}, {"a": 1, "b": 2}, True), ({"$or": [{"a": 1}, {"b": 2}]}, {"b": 2}, True),
    ({"$nor": [{"a": 1}, {"b": 2}]}, {"a": 3, "b": 3}, True), ({"$not": {"a": 1}}, {"a": 1}, False),
    ({"a": {"$gt": 1}}, {"a": "2"}, True), ({"a": {"$gt": "1"}}, {"a": "10"}, True),
    ({"a": {"$lt": "b"}}, {"a": "a"}, True), ({"a": {"$lt": "9"}}, {"a": "10"}, True),
    ({"a": {"$lt": 9}}, {"a": "10"}, False), ({"a": {"$gte": 0}}, {}, True), ({"a": {"$gt": -1}}, {}, True),
    ({"a": {"$lte": "x"}}, {"a": 1}, False), ({"a": {"$ne": 1}}, {"a": "1"}, True),
    ({"a": {"$in": [1, 2]}}, {"a": "1"}, False), ({"a": {"$in": [1, 2]}}, {"a": [5, 2]}, True),
    ({"a": {"$in": []}}, {"a": 1}, False), ({"a": {"$in": 1}}, {"a": 1}, False),
    ({"a": {"$nin": 1}}, {"a": 1}, False), ({"a": {"$nin": [1]}}, {}, True),
    ({"a": {"$ini": ["X"]}}, {"a": "x"}, True), ({"a": {"$nini": ["X"]}}, {"a": ["x", "y"]}, False),
    ({"a": {"$all": [1, 2]}}, {"a": [1, 2, 3]}, True), ({"a": {"$all": [1]}}, {"a": 1}, False),
    ({"a": {"$alli": ["X", "y"]}}, {"a": ["x", "Y"]}, True), ({"a": {"$exists": True}}, {"a": None}, False),
    ({"a": {"$exists": False}}, {}, True), ({"a": {"$type": "null"}}, {"a": None}, True),
    ({"a": {"$type": "array"}}, {"a": []}, True), ({"a": {"$type": "number"}}, {"a": 1}, True),
    ({"a": {"$size": 2}}, {"a": [1, 2]}, True), ({"a": {"$size": {"$gt": 1}}}, {"a": [1, 2]}, True),
    ({"a": {"$size": 1}}, {"a": "x"}, False), ({"a": {"$elemMatch": {"$gt": 5}}}, {"a": [1, 6]}, True),
    ({"a": {"$elemMatch": {"b": 1}}}, {"a": [{"b": 1}]}, True),
    ({"a": {"$elemMatch": {"$lt": 1}}}, {"a": [0]}, False), ({"a": {"$regex": "^b+$"}}, {"a": "bbb"}, True),
    ({"a": {"$regex": "^B+$"}}, {"a": "bbb"}, False), ({"a": {"$regexi": "^B+$"}}, {"a": "bbb"}, True),
    ({"a": {"$regex": "("}}, {"a": "("}, False), ({"a": {"$regex": "null"}}, {"a": None}, True),
    ({"a": {"$regex": "\\/x/y"}}, {"a": "/x/y"}, True), ({"a": {"$veq": "1.0.0"}}, {"a": "v1.0.0+build"}, True),
    ({"a": {"$vgt": "1.9.0"}}, {"a": "1.10.0"}, True), ({"a": {"$vlt": "1.0.0"}}, {"a": "1.0.0-rc.1"}, True),
    ({"a": {"$vgte": "2"}}, {"a": 2}, True), ({"a": {"$vne": "1.0"}}, {"a": "1.0.0"}, True),
    ({"a": {"$inGroup": "g"}}, {"a": 1}, True), ({"a": {"$notInGroup": "g"}}, {"a": 1}, False),
    ({"a": {"$inGroup": "none"}}, {"a": 1}, False), ({"a": {"$notInGroup": "none"}}, {"a": 1}, True),
    ({"a": {"$unknown": 1}}, {"a": 1}, False), ({"a": {"$not": {"$gt": 5}}}, {"a": 1}, True),
    ({"a": {"b": {"$gt": 1}}}, {"a": {"b": 2}}, False), ({"é": 1}, {"e\u0301": 1}, False),
]


def test_conditions_by_hand():
    answers = ask(*(("evalCondition", [condition, attributes, {"g": [1, "x"]}])
                    for condition, attributes, _ in CONDITIONS))
    wrong = [(case, answer) for case, answer in zip(CONDITIONS, answers) if answer is not case[2]]
    assert not wrong


def test_versions():
    order = ["0.0.1", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-beta", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0",
             "10.0.0"]
    cases, expected = [], []
    for left, first in enumerate(order):
        for right, second in enumerate(order):
            for name, holds in (("lt", left < right), ("gt", left > right), ("eq", left == right),
                                ("ne", left != right), ("lte", left <= right), ("gte", left >= right)):
                cases.append(("versionCompare", [name, first, second]))
                expected.append(holds)
    answers = ask(*cases)
    assert [(case, answer) for case, answer, right in zip(cases, answers, expected) if answer is not right] == []


def test_features_by_hand():
    rules = [{"id": "r1", "condition": {"country": "NO"}, "force": 0}, {"id": "r2", "force": 2, "coverage": 0}]
    context = {"features": {"f": {"defaultValue": 1, "rules": rules}}, "attributes": {"id": "u", "country": "NO"}}
    plain = {"features": {"f": {"defaultValue": 1}}}
    assert ask(("feature", [context, "f"]), ("feature", [plain, "f"]), ("feature", [plain, "unknown"])) == [
        {"value": 0, "on": False, "off": True, "source": "force", "ruleId": "r1"},
        {"value": 1, "on": True, "off": False, "source": "defaultValue", "ruleId": ""},
        {"value": None, "on": False, "off": True, "source": "unknownFeature", "ruleId": ""},
    ]


def test_a_bucket_on_the_edge_of_the_coverage_is_in():
    bucket = hashed("f", "u1", 2)

    def context(coverage):
        rule = {"force": 2, "coverage": coverage, "hashVersion": 2}
        return {"features": {"f": {"defaultValue": 1, "rules": [rule]}}, "attributes": {"id": "u1"}}

    assert [answer["value"] for answer in ask(("feature", [context(bucket), "f"]),
                                              ("feature", [context(bucket - 0.0001), "f"]))] == [2, 1]


def test_circles_of_prerequisites_end():
    def rule(parent):
        return {"defaultValue": True, "rules": [{"parentConditions": [{"id": parent, "condition": {"value": True}}],
                                                 "force": True}]}
    context = {"features": {"a": rule("b"), "b": rule("c"), "c": rule("a"), "self": rule("self")}}
    for answer in ask(*(("feature", [context, name]) for name in ("a", "b", "c", "self"))):
        assert (answer["value"], answer["source"]) == (None, "cyclicPrerequisite")


def test_stored_assignments_by_hand():
    rule = {"key": "exp", "variations": ["a", "b"], "meta": [{"key": "0"}, {"key": "1"}], "weights": [0, 1],
            "hashAttribute": "id", "hashVersion": 2}
    context = {"features": {"f": {"defaultValue": "off", "rules": [rule]}}, "attributes": {"id": "u1"}}
    document = {"attributeName": "id", "attributeValue": "u1", "assignments": {"exp__0": "0"}}
    later = {**rule, "bucketVersion": 3, "minBucketVersion": 2}
    blocked = {"features": {"f": {"defaultValue": "off", "rules": [later]}}, "attributes": {"id": "u1"}}
    kept, fresh, out = ask(("stickyBucket", [context, [document], "f"]), ("stickyBucket", [context, [], "f"]),
                           ("stickyBucket", [blocked, [document], "f"]))
    assert kept["experimentResult"]["variationId"] == 0 and kept["experimentResult"]["stickyBucketUsed"] is True
    assert kept["assignmentDocs"] == {"id||u1": document}
    assert fresh["experimentResult"]["variationId"] == 1
    assert fresh["assignmentDocs"] == {"id||u1": {**document, "assignments": {"exp__0": "1"}}}
    assert out["experimentResult"] is None


def test_a_falsy_unit_without_a_fallback_is_empty():
    rule = {"key": "exp", "variations": ["a", "b"], "fallbackAttribute": "device"}
    context = {"attributes": {"id": 0}, "features": {"f": {"defaultValue": "off", "rules": [rule]}},
               "forcedVariations": {"exp": 1}}
    [answer] = ask(("stickyBucket", [context, [], "f"]))
    assert (answer["experimentResult"]["hashAttribute"], answer["experimentResult"]["hashValue"]) == ("id", "")


# MARK: Against the Python SDK, where its language does not show: texts and numbers that are compared with their like

class Cases:
    """Random projects and users, well formed, of few names and values so that rules match often."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def one(self, *choices):
        return self.random.choice(choices)

    def some(self, make, most=3):
        return [make() for _ in range(self.random.randint(1, most))]

    def attributes(self):
        made = {"id": f"user-{self.random.randrange(500)}"}
        for name, values in (("country", ["NO", "SE", "AM"]), ("platform", ["ios", "android"])):
            if self.random.random() < 0.8:
                made[name] = self.random.choice(values)
        if self.random.random() < 0.8:
            made["age"] = self.random.randrange(10, 60)
        if self.random.random() < 0.7:
            made["tags"] = self.random.sample(["a", "b", "c", "d"], self.random.randint(1, 3))
        if self.random.random() < 0.7:
            made["version"] = self.version()
        if self.random.random() < 0.7:
            made["company"] = {"id": self.one("c1", "c2"), "size": self.random.randrange(1, 100)}
        if self.random.random() < 0.3:
            made["premium"] = self.one(True, False)
        if self.random.random() < 0.4:
            made["device"] = f"d{self.random.randrange(50)}"
        return made

    def version(self):
        return f"{self.one(1, 2)}.{self.one(0, 2, 10)}.{self.one(0, 1)}" + self.one("", "", "-rc.1", "-beta")

    def leaf(self):
        return self.one(
            lambda: {"country": self.one("NO", "SE")},
            lambda: {"country": {self.one("$in", "$nin"): self.some(lambda: self.one("NO", "SE", "AM"))}},
            lambda: {"country": {self.one("$eq", "$ne"): "NO"}, "platform": "ios"},
            lambda: {"country": {"$regex": self.one("^N", "E$", "S|A", "[MN]O?$")}},
            lambda: {"country": {self.one("$ini", "$nini"): self.some(lambda: self.one("no", "se"))}},
            lambda: {"age": {self.one("$gt", "$gte", "$lt", "$lte"): self.random.randrange(10, 60), "$exists": True}},
            lambda: {"tags": {self.one("$in", "$nin"): self.some(lambda: self.one("a", "b", "c"))}},
            lambda: {"tags": {"$all": self.some(lambda: self.one("a", "b"))}},
            lambda: {"tags": {"$size": self.one(1, 2, {"$gt": 1})}},
            lambda: {"tags": {"$elemMatch": {"$eq": self.one("a", "b")}}},
            lambda: {"version": {self.one("$veq", "$vne", "$vlt", "$vlte", "$vgt", "$vgte"): self.version(),
                                 "$exists": True}},  # the SDK knows no version where there is none
            lambda: {"company.id": self.one("c1", "c2")},
            lambda: {"company.size": {"$gt": 50}, "company.id": {"$exists": True}},
            lambda: {self.one("premium", "device", "age", "nobody"): {"$exists": self.one(True, False)}},
            lambda: {"platform": {"$type": self.one("string", "number")}, "country": {"$exists": True}},
            lambda: {"country": {self.one("$inGroup", "$notInGroup"): self.one("north", "none")}},
            lambda: {"id": {"$not": {"$regex": "[0-4]$"}}},
        )()

    def condition(self, depth=2):
        if depth == 0 or self.random.random() < 0.5:
            return self.leaf()
        name = self.one("$and", "$or", "$nor", "$not")
        if name == "$not":
            return {"$not": self.condition(depth - 1)}
        return {name: self.some(lambda: self.condition(depth - 1))}

    def share(self):
        return round(self.random.random(), 2)

    def experiment(self, key):
        count = self.random.randint(2, 4)
        made = {"key": key, "variations": [f"v{index}" for index in range(count)]}
        if self.random.random() < 0.5:
            cuts = sorted(self.random.sample(range(1, 100), count - 1))
            made["weights"] = [(right - left) / 100 for left, right in zip([0, *cuts], [*cuts, 100])]
        if self.random.random() < 0.5:
            made["coverage"] = self.share()
        if self.random.random() < 0.3:
            made["namespace"] = [self.one("n1", "n2"), *sorted([self.share(), self.share()])]
        if self.random.random() < 0.6:
            made["hashVersion"] = self.one(1, 2)
        if self.random.random() < 0.3:
            made["hashAttribute"] = self.one("device", "id")
        if self.random.random() < 0.3:
            made["seed"] = self.one("s1", "s2")
        if self.random.random() < 0.2:
            made["meta"] = [{"key": f"k{index}", "name": f"n{index}"} for index in range(count)]
            made["phase"] = "1"
            made["name"] = "people"
        if self.random.random() < 0.2:
            made["filters"] = [{"seed": "f", "attribute": "id", "hashVersion": 2, "ranges": [[0, self.share()]]}]
        return made

    def rule(self, name, parents):
        made = {"force": self.one("x", "y", 0, False, 7)}
        if self.random.random() < 0.5:
            made = self.experiment(name + "-exp")
        if "force" in made:
            if self.random.random() < 0.4:
                made["coverage"] = self.share()
                made["hashVersion"] = self.one(1, 2)
            elif self.random.random() < 0.3:
                made["range"] = sorted([self.share(), self.share()])
                made["seed"] = "range"
        if self.random.random() < 0.6:
            made["condition"] = self.condition()
        if parents and self.random.random() < 0.3:
            wanted = self.one({"$exists": True}, "x", {"$in": ["x", "v0"]})
            made["parentConditions"] = [{"id": self.random.choice(parents), "gate": self.one(True, False),
                                         "condition": {"value": wanted}}]
        if self.random.random() < 0.3:
            made["id"] = self.one("r1", "r2")
        return made

    def project(self):
        features = {}
        for name in ("a", "b", "c"):
            parents = list(features)
            features[name] = {"defaultValue": self.one("off", None, 1, False)}
            features[name]["rules"] = [self.rule(name, parents) for _ in range(self.random.randint(0, 3))]
        return features


GROUPS = {"north": ["NO", "SE"]}


def test_conditions_agree_with_the_python_sdk():
    from growthbook.core import evalCondition

    cases = Cases(1)
    pairs = [(cases.condition(3), cases.attributes()) for _ in range(4_000)]
    ours = ask(*(("evalCondition", [condition, attributes, GROUPS]) for condition, attributes in pairs))
    theirs = [evalCondition(attributes, condition, GROUPS) for condition, attributes in pairs]
    different = [(pair, one, other) for pair, one, other in zip(pairs, ours, theirs) if one is not bool(other)]
    assert not different, (len(different), different[:3])
    assert 0.1 < sum(ours) / len(ours) < 0.9, "both answers are common"


def told(result):
    """What of a result both sides tell; the SDK has `None` where the reference has nothing."""
    row = {"value": result["value"], "on": result["on"], "source": result["source"],
           "rule": result.get("ruleId") or "", "experiment": None}
    experiment = result.get("experimentResult")
    if experiment:
        row["experiment"] = {name: experiment.get(name) for name in
                             ("variationId", "inExperiment", "hashUsed", "hashAttribute", "hashValue", "key", "value")}
    return row


def test_features_agree_with_the_python_sdk():
    cases = Cases(2)
    asked, theirs = [], []
    for _ in range(800):
        features, attributes = cases.project(), cases.attributes()
        context = {"features": features, "attributes": attributes, "savedGroups": GROUPS}
        sdk = GrowthBook(features=features, attributes={**attributes}, savedGroups={**GROUPS})
        for name in features:
            asked.append(("feature", [context, name]))
            theirs.append(told(sdk.eval_feature(name).to_dict()))
        sdk.destroy()
    ours = [told(answer) for answer in ask(*asked)]
    different = [(case, one, other) for case, one, other in zip(asked, ours, theirs) if one != other]
    assert not different, (len(different), json.dumps(different[0]))
    sources = {row["source"] for row in ours}
    assert {"defaultValue", "force", "experiment", "prerequisite"} <= sources, sources


def test_runs_agree_with_the_python_sdk():
    cases = Cases(3)
    asked, theirs = [], []
    for index in range(1_500):
        experiment, attributes = cases.experiment(f"exp-{index % 50}"), cases.attributes()
        if cases.random.random() < 0.4:
            experiment["condition"] = cases.condition()
        if cases.random.random() < 0.1:
            experiment["force"] = cases.one(0, 1)
        if cases.random.random() < 0.1:
            experiment["active"] = cases.one(True, False)
        context = {"attributes": attributes, "savedGroups": GROUPS, "qaMode": cases.random.random() < 0.1,
                   "enabled": cases.random.random() < 0.95, "url": cases.one("", f"http://h/?exp-{index % 50}=1")}
        if cases.random.random() < 0.1:
            context["forcedVariations"] = {experiment["key"]: cases.one(0, 1)}
        asked.append(("run", [context, experiment]))
        sdk = GrowthBook(attributes={**attributes}, savedGroups={**GROUPS}, qaMode=context["qaMode"],
                         enabled=context["enabled"], url=context["url"],
                         forcedVariations={**context.get("forcedVariations", {})})
        result = sdk.run(Experiment(**experiment))
        theirs.append({"value": result.value, "inExperiment": result.inExperiment, "hashUsed": result.hashUsed})
        sdk.destroy()
    different = [(case, one, other) for case, one, other in zip(asked, ask(*asked), theirs) if one != other]
    assert not different, (len(different), json.dumps(different[0]))


def test_the_command_reads_a_long_input_without_waiting_for_its_end():
    """One answer for each line, as it comes."""
    import subprocess

    from running_server import BINARY, clean_environment

    with subprocess.Popen([BINARY, "settings", "conformance"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                          bufsize=1, env=clean_environment()) as process:
        for index in range(3):
            process.stdin.write(json.dumps({"id": index, "section": "getEqualWeights", "input": [1]}) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline()) == {"id": index, "output": [1]}
        process.stdin.close()
        assert process.wait(30) == 0
        assert re.fullmatch(r"\s*", process.stdout.read())
