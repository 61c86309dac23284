"""Random projects with all kinds of rules, and random users for them; a seed gives the same ones again."""

import random

COUNTRIES = ("DE", "AM", "US", "FR", "JP")
PLATFORMS = ("ios", "android", "web")
ATTRIBUTES = ("id", "deviceId", "country", "platform", "age", "premium", "version", "tags", "email", "company")
GROUPS = {"testers": ["u1", "u5", "u9", "u33"], "regions": ["DE", "AM"], "numbers": [1, 2, 3]}


class ProjectMaker:
    """Features in GrowthBook's format: only what all its SDKs read alike."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.experiments = 0

    def value(self, kind):
        pick = self.random
        if kind == "bool":
            return pick.random() < 0.5
        if kind == "number":
            return pick.choice([0, 1, -3, 2.5, 1e3, 10 ** 15, pick.randrange(1000)])
        if kind == "text":
            return pick.choice(["", "plain", "a \"quoted\" one", "Ծաղիկ 🌷", "line\nbreak", str(pick.random())])
        if kind == "list":
            return [self.value(pick.choice(["bool", "number", "text"])) for _ in range(pick.randrange(4))]
        return {f"k{index}": self.value(pick.choice(["bool", "number", "text", "list"]))
                for index in range(pick.randrange(4))}

    def leaf(self):
        pick = self.random
        return pick.choice([
            lambda: {"country": pick.choice(COUNTRIES)},
            lambda: {"country": {"$in": pick.sample(COUNTRIES, 2)}},
            lambda: {"country": {"$nin": pick.sample(COUNTRIES, 2)}},
            lambda: {"platform": {"$ne": pick.choice(PLATFORMS)}},
            lambda: {"age": {"$gte": pick.randrange(1, 80)}},
            lambda: {"age": {"$lt": pick.randrange(80), "$gt": 5}},
            lambda: {"premium": pick.random() < 0.5},
            lambda: {"version": {"$vgte": f"{pick.randrange(4)}.{pick.randrange(12)}.0"}},
            lambda: {"version": {"$vlt": "2.10.0-beta"}},
            lambda: {"tags": {"$elemMatch": {"$eq": pick.choice("abc")}}},
            lambda: {"tags": {"$all": ["a", pick.choice("bc")]}},
            lambda: {"tags": {"$size": {"$gt": 1}}},
            lambda: {"email": {"$regex": pick.choice(["@example\\.com$", "^u[0-9]+@", "[13579]@"])}},
            lambda: {"email": {"$exists": pick.random() < 0.5}},
            lambda: {"company.size": {"$gt": pick.randrange(100)}},
            lambda: {"id": {"$inGroup": "testers"}},
            lambda: {"country": {"$notInGroup": "regions"}},
            lambda: {"age": {"$type": "number"}},
        ])()

    def condition(self, depth=2):
        pick = self.random
        if depth == 0 or pick.random() < 0.5:
            return self.leaf()
        kind = pick.choice(["$and", "$or", "$nor", "$not", "both"])
        if kind == "$not":
            return {"$not": self.condition(depth - 1)}
        if kind == "both":
            return {**self.leaf(), **self.leaf()}
        return {kind: [self.condition(depth - 1) for _ in range(pick.randrange(1, 3))]}

    def rule(self, name, kind, earlier):
        pick = self.random
        rule = {}
        if pick.random() < 0.6:
            rule["condition"] = self.condition()
        if earlier and pick.random() < 0.15:
            parent, parent_kind = pick.choice(earlier)
            wanted = {"value": True} if parent_kind == "bool" else {"value": {"$exists": True}}
            rule["parentConditions"] = [{"id": parent, "condition": wanted, "gate": pick.random() < 0.3}]
        if pick.random() < 0.5:
            rule["force"] = self.value(kind)
            if pick.random() < 0.4:
                # Between two buckets: one that is the coverage is included in JavaScript only.
                rule["coverage"] = pick.choice([0, 0.20005, 0.50005, 0.90005, 1])
                rule["hashVersion"] = pick.choice([1, 2])
                if pick.random() < 0.5:
                    rule["hashAttribute"] = "deviceId"
                if pick.random() < 0.5:
                    rule["seed"] = f"seed-{pick.randrange(5)}"
            elif pick.random() < 0.2:
                low = pick.random() / 2
                rule["range"] = [low, low + 0.4]
                rule["hashVersion"] = 2
            return rule
        count = pick.choice([2, 2, 3])
        rule["variations"] = [self.value(kind) for _ in range(count)]
        # Each key once: a stored assignment counts in every rule that has its experiment's key.
        self.experiments += 1
        rule["key"] = f"experiment-{self.experiments}"
        rule["hashVersion"] = pick.choice([1, 2])
        if pick.random() < 0.6:
            rule["weights"] = {2: [0.3, 0.7], 3: [0.2, 0.3, 0.5]}[count]
        if pick.random() < 0.5:
            rule["coverage"] = pick.choice([0.1, 0.5, 1])
        if pick.random() < 0.3:
            rule["namespace"] = [f"space-{pick.randrange(2)}", 0.1, 0.8]
        if pick.random() < 0.2:
            rule["filters"] = [{"seed": "filter", "hashVersion": 2, "attribute": "id", "ranges": [[0, 0.6]]}]
        if pick.random() < 0.2:
            rule["ranges"] = [[0, 0.3], [0.3, 0.6], [0.7, 1]][:count]
        if pick.random() < 0.3:
            rule["meta"] = [{"key": f"arm-{index}", "name": "an arm"} for index in range(count)]
        if pick.random() < 0.2:
            rule["hashAttribute"] = "deviceId"
        return rule

    def features(self, count=60):
        features, earlier = {}, []
        for index in range(count):
            kind = self.random.choice(["bool", "number", "text", "list", "object"])
            name = f"{kind}-{index}" if index % 7 else f"näme.{index}"
            feature = {"defaultValue": self.value(kind)}
            if self.random.random() < 0.8:
                feature["rules"] = [self.rule(name, kind, earlier) for _ in range(self.random.randrange(1, 5))]
            features[name] = feature
            earlier.append((name, kind))
        return features

    def user(self, number):
        pick = self.random
        user = {
            "id": f"u{number}", "deviceId": f"d{pick.randrange(10 ** 6)}", "country": pick.choice(COUNTRIES),
            "platform": pick.choice(PLATFORMS), "age": pick.randrange(90), "premium": pick.random() < 0.5,
            "version": f"{pick.randrange(4)}.{pick.randrange(14)}.{pick.randrange(3)}",
            "tags": pick.sample("abcd", pick.randrange(4)), "email": f"u{number}@example.com",
            "company": {"size": pick.randrange(200)},
        }
        for name in ATTRIBUTES[1:]:
            # Without a version the SDKs differ: to JavaScript's it is 0, to Python's it fulfils nothing.
            if name != "version" and pick.random() < 0.12:
                del user[name]
        return user
