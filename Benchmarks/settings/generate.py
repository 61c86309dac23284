#!/usr/bin/env python3
"""Makes the benchmark's project: a GrowthBook features file of 3,000 settings, and users who ask for it.

    Benchmarks/settings/generate.py FOLDER [--users 200] [--edits 10] [--seed 1]

writes into FOLDER, the same bytes on every machine:

    features.json   3,000 settings, 5,766 rules over 190 conditions, 8,556 value lines of 10.5 MB; answers are 1.49 MB
    edited.json     the same with another value in --edits small settings, for measuring deltas
    users.jsonl     one user's 40 attributes per line
    summary.json    what was made, counted

A value line is one text that a setting can have: its default, or what a rule gives, equal texts of a setting once.
"""

import argparse
import json
import pathlib

import values
from chance import Chance
from people import COUNTRIES, PLATFORMS, conditions, person, saved_groups

SETTINGS, RULES, CONDITIONS, LINES = 3_000, 5_766, 190, 8_556
LARGE_BYTES, SMALL_BYTES = 6_450, 205
# (kind, settings with rules, settings without, rules of those that have some: low and high)
KINDS = [("large", 180, 0, 5, 8), ("small", 620, 300, 1, 4), ("text", 350, 180, 1, 4), ("number", 250, 120, 1, 4),
         ("boolean", 700, 300, 1, 2)]
PLAIN = {"text": values.phrase, "number": values.whole, "boolean": values.boolean}
PARENTS = 6


class Setting:
    def __init__(self, chance, number, kind, rules):
        self.name = f"{chance.pick(values.WORDS)}_{chance.pick(values.WORDS)}_{chance.pick(values.WORDS)}_{number:04d}"
        self.kind, self.rules = kind, rules
        if kind == "large":
            self.default = values.Config(chance, LARGE_BYTES * (0.4 + 1.2 * chance.next()))
        elif kind == "small":
            self.default = values.Config(chance, SMALL_BYTES * (0.2 + 1.6 * chance.next()))
        else:
            self.default = values.Plain(PLAIN[kind](chance))
        self.placeholders = kind == "text" and chance.of(0.02)
        if self.placeholders:
            self.default = values.Plain('"' + chance.pick(values.GREETINGS) + '"')
        self.variations = [self.variation_count(chance) for _ in range(rules)]
        self.lines = 1

    def variation_count(self, chance):
        """How many variations a rule has; 0 is a rule that forces one value."""
        if not chance.of(0.22):
            return 0
        return 2 if self.kind == "boolean" else chance.weighted([(2, 6), (3, 3), (4, 1)])

    @property
    def lines_max(self):
        places = 1 + sum(max(1, count - 1) for count in self.variations)
        return min(2, places) if self.kind == "boolean" else places


def settle(chance, settings):
    """Adds or takes rules and lines, one setting after the other, until the totals are exact."""
    free = [setting for setting in settings if setting.rules and setting.kind != "boolean"]
    missing = RULES - sum(setting.rules for setting in settings)
    while missing:
        setting = chance.pick(free)
        if missing > 0:
            setting.rules += 1
            setting.variations.append(0)
        elif setting.rules > 1:
            setting.rules -= 1
            setting.variations.pop()
        else:
            continue
        missing += -1 if missing > 0 else 1
    for setting in settings:
        setting.lines = setting.lines_max
    surplus = sum(setting.lines for setting in settings) - LINES
    while surplus > 0:
        setting = chance.pick(free)
        if setting.lines > 2:
            setting.lines -= 1
            surplus -= 1
    if surplus:
        raise ValueError(f"{-surplus} value lines short")


class Project:
    def __init__(self, seed):
        self.chance = Chance(seed)
        self.groups = saved_groups(self.chance)
        self.conditions = conditions(self.chance, CONDITIONS)
        self.unused = list(self.conditions)
        self.settings = []
        for kind, ruled, constant, low, high in KINDS:
            for place in range(ruled + constant):
                rules = self.chance.between(low, high) if place < ruled else 0
                self.settings.append(Setting(self.chance, len(self.settings), kind, rules))
        self.settings = self.chance.some(self.settings, len(self.settings))
        settle(self.chance, self.settings)
        self.parents = [setting.name for setting in self.settings if setting.kind == "boolean"][:PARENTS]
        self.features = {setting.name: self.feature(setting) for setting in self.settings}

    def feature(self, setting):
        chance = self.chance
        lines = [setting.default]
        while len(lines) < setting.lines:
            taken = {line.text for line in lines}
            lines.append(values.different(chance, PLAIN.get(setting.kind), setting.default, taken))
        setting.texts = [line.text for line in lines]
        fresh = setting.texts[1:][::-1]

        def value():
            return fresh.pop() if fresh else chance.pick(setting.texts)

        members = [f'"defaultValue":{setting.texts[0]}']
        if setting.placeholders:
            members.append('"x-placeholders":true')
        if chance.of(0.3):
            members.append(f'"x-owner":"{chance.pick(values.WORDS)}-team"')
        if setting.rules:
            rules = [self.rule(setting, count, value) for count in setting.variations]
            members.append('"rules":[' + ",".join(rules) + "]")
        return "{" + ",".join(members) + "}"

    def rule(self, setting, variations, value):
        chance = self.chance
        members = [f'"id":"fr_{chance.hexadecimal(12)}"']
        if variations == 0 or chance.of(0.6):
            condition = self.unused.pop() if self.unused else chance.zipf(self.conditions)
            members.append(f'"condition":{condition}')
        if setting.name not in self.parents and chance.of(0.01):
            members.append(f'"parentConditions":[{{"id":"{chance.pick(self.parents)}","condition":{{"value":true}}'
                           + (',"gate":true}]' if chance.of(0.3) else "}]"))
        if chance.of(0.01):
            members.append('"x-schedule":{"from":"2024-01-01T00:00:00Z","until":"2099-01-01T00:00:00Z"}')
        if variations == 0:
            members.append(f'"force":{value()}')
            if chance.of(0.15):
                members.append(f'"coverage":{chance.pick(("0.05", "0.1", "0.25", "0.5", "0.9"))},"hashAttribute":"id"'
                               + (',"hashVersion":2' if chance.of(0.5) else ""))
        else:
            members += self.experiment(setting, variations, value)
        return "{" + ",".join(members) + "}"

    def experiment(self, setting, variations, value):
        chance = self.chance
        key = f"{setting.name}-{chance.hexadecimal(4)}"
        texts = [setting.texts[0]] + [value() for _ in range(variations - 1)]
        even = chance.of(0.7)
        weights = {2: (0.5, 0.5) if even else (0.9, 0.1), 3: (0.3334, 0.3333, 0.3333) if even else (0.6, 0.2, 0.2),
                   4: (0.25, 0.25, 0.25, 0.25) if even else (0.4, 0.3, 0.2, 0.1)}[variations]
        meta = ",".join(f'{{"key":"{place}","name":"{"control" if place == 0 else f"arm {place}"}"}}'
                        for place in range(variations))
        members = [f'"key":"{key}"', f'"seed":"{chance.hexadecimal(8)}"', '"variations":[' + ",".join(texts) + "]",
                   f'"hashAttribute":"{chance.weighted([("id", 8), ("deviceId", 2), ("companyId", 1)])}"',
                   f'"hashVersion":{1 if chance.of(0.3) else 2}', f'"meta":[{meta}]', '"phase":"0"']
        if chance.of(0.8):
            members.append(f'"weights":{json.dumps(weights)},"coverage":{chance.pick(("1", "1", "0.5", "0.2"))}')
        else:
            ends = [round(place / variations, 4) for place in range(variations + 1)]
            members.append('"ranges":' + json.dumps(list(zip(ends, ends[1:]))))
        drawn = chance.next()
        if drawn < 0.1:
            start = chance.below(5) / 10
            members.append(f'"namespace":["space-{chance.below(8)}",{start},{start + 0.5}]')
        elif drawn < 0.15:
            members.append('"filters":[{"attribute":"id","seed":"holdout","hashVersion":2,"ranges":[[0,0.95]]}]')
        return members

    def text(self, replaced=None):
        features = {**self.features, **(replaced or {})}
        head = {"x-sticky": False, "x-platforms": PLATFORMS, "x-countries": COUNTRIES, "savedGroups": self.groups}
        return (json.dumps(head, separators=(",", ":"), ensure_ascii=False)[:-1] + ',"features":{'
                + ",".join(f'"{name}":{text}' for name, text in features.items()) + "}}")

    def edited(self, count):
        """The features of so many small settings with one more member or character in all values."""
        replaced = {}
        for setting in self.settings:
            if len(replaced) == count:
                break
            if setting.kind not in ("small", "text") or max(map(len, setting.texts)) > 120:
                continue
            text = self.features[setting.name]
            for old in sorted(set(setting.texts), key=len, reverse=True):
                new = old[:-1] + (',"revision":2}' if setting.kind == "small" else '!"')
                for before in ('"defaultValue":', '"force":', '"variations":[', ","):
                    for after in (",", "}", "]"):
                        text = text.replace(before + old + after, before + new + after)
            replaced[setting.name] = text
        return replaced


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--edits", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    project = Project(arguments.seed)
    chance = Chance(arguments.seed + 1)
    users = [json.dumps(person(chance, number), separators=(",", ":"), ensure_ascii=False)
             for number in range(arguments.users)]
    lines = [text for setting in project.settings for text in setting.texts]
    default = "{" + ",".join(f'"{setting.name}":{setting.texts[0]}' for setting in project.settings) + "}"
    summary = {
        "settings": len(project.features), "rules": sum(setting.rules for setting in project.settings),
        "experiments": sum(count > 0 for setting in project.settings for count in setting.variations),
        "conditions": len(project.conditions) - len(project.unused), "lines": len(lines),
        "lineBytes": sum(len(line.encode()) + 1 for line in lines), "defaultBytes": len(default.encode()),
        "attributes": len(json.loads(users[0])) if users else 0, "users": len(users),
    }
    (arguments.folder / "features.json").write_text(project.text(), encoding="utf-8")
    (arguments.folder / "edited.json").write_text(project.text(project.edited(arguments.edits)), encoding="utf-8")
    (arguments.folder / "users.jsonl").write_text("".join(user + "\n" for user in users), encoding="utf-8")
    (arguments.folder / "summary.json").write_text(json.dumps(summary, indent=1) + "\n")
    print(json.dumps(summary))


if __name__ == "__main__":
    main()
