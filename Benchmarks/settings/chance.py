"""Draws that are the same on every machine: only `random.Random.random`, whose sequence Python promises to keep."""

import random


class Chance:
    def __init__(self, seed):
        self.next = random.Random(seed).random

    def below(self, count):
        """A whole number in [0, count)."""
        return int(self.next() * count)

    def between(self, low, high):
        """A whole number in [low, high]."""
        return low + int(self.next() * (high - low + 1))

    def of(self, share):
        """True in this share of draws."""
        return self.next() < share

    def pick(self, items):
        return items[int(self.next() * len(items))]

    def weighted(self, pairs):
        """One of the items of `(item, weight)` pairs."""
        rest = self.next() * sum(weight for _, weight in pairs)
        for item, weight in pairs:
            rest -= weight
            if rest < 0:
                return item
        return pairs[-1][0]

    def zipf(self, items, skew=1.6):
        """Early items often, late ones seldom, none never."""
        return items[int(len(items) * self.next() ** skew)]

    def some(self, items, count):
        """`count` different items, in drawn order."""
        rest = list(items)
        return [rest.pop(int(self.next() * len(rest))) for _ in range(min(count, len(rest)))]

    def hexadecimal(self, digits):
        return "".join("0123456789abcdef"[int(self.next() * 16)] for _ in range(digits))
