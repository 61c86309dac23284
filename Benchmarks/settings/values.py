"""Values as JSON texts of a wished size, and variants of them that differ in a few places, as people edit settings."""

WORDS = ("image video editor export share template background sticker font filter crop layer brush color frame effect "
         "collage remix premium trial banner carousel onboarding paywall offer feed search discover profile upload "
         "camera gallery tooltip modal button title subtitle caption header footer primary secondary accent enabled "
         "visible position order priority weight limit quality width height padding margin radius shadow opacity "
         "duration delay retry timeout cache prefetch network storage analytics event screen session user").split()
PHRASES = ("Try it free", "Make it yours", "Your next idea starts here", "Save 50 % today", "Jetzt ausprobieren",
           "Découvrir l’offre", "Помощь рядом", "今すぐ試す", "Sua próxima criação", "See what is new", "Go further")
GREETINGS = ("Hello from {{city}}", "{{country}} picks for {{language}}", "On {{platform}} {{appVersion}}")
WHOLES = (0, 1, 2, 3, 4, 5, 8, 10, 12, 16, 20, 24, 30, 32, 50, 60, 64, 100, 120, 250, 300, 500, 1000)
HOSTS = ("https://cdn.example.com/", "https://static.example.org/assets/", "https://img.vitrine.test/v2/")


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def whole(chance):
    return str(chance.pick(WHOLES))


def fraction(chance):
    """Spelt as people spell them: `1.0`, `0.50`, `2e3`; what is served must keep the spelling."""
    return chance.pick(("1.0", "0.5", "0.50", "0.25", "1.25", "2.0", "0.1", "1e3", "2.5e-1", "0.333", "-1.5", "99.90"))


def boolean(chance):
    return "true" if chance.of(0.6) else "false"


def word(chance):
    return quoted(chance.zipf(WORDS))


def key_of_text(chance):
    return quoted("_".join(chance.zipf(WORDS) for _ in range(chance.between(2, 4))))


def phrase(chance):
    return quoted(chance.zipf(PHRASES) + (" " + chance.pick(WORDS) if chance.of(0.5) else ""))


def address(chance):
    return quoted(f"{chance.zipf(HOSTS)}{chance.zipf(WORDS)}/{chance.zipf(WORDS)}-{chance.hexadecimal(6)}.webp")


def colour(chance):
    return quoted("#" + "".join(chance.pick(("00", "1a", "33", "66", "99", "cc", "f5", "ff")) for _ in range(3)))


def identifier(chance):
    return quoted(chance.hexadecimal(16))


def words(chance):
    return "[" + ",".join(word(chance) for _ in range(chance.between(2, 6))) + "]"


MAKERS = [(whole, 20), (boolean, 18), (word, 22), (key_of_text, 12), (fraction, 7), (phrase, 8), (address, 7),
          (colour, 6), (identifier, 2), (words, 5), (lambda chance: "null", 2)]


class Config:
    """An object of named members, in sections when it is large."""

    SECTION = 9

    def __init__(self, chance, size):
        self.cells = []
        length = 2
        while length < size or not self.cells:
            maker = chance.weighted(MAKERS)
            cell = (self.name(chance), maker, maker(chance))
            self.cells.append(cell)
            length += len(cell[0]) + len(cell[2].encode()) + 4 + (28 if len(self.cells) % self.SECTION == 0 else 0)

    def name(self, chance):
        taken = {name for name, _, _ in self.cells[len(self.cells) // self.SECTION * self.SECTION:]}
        name = chance.zipf(WORDS)
        while name in taken:
            name += "_" + chance.zipf(WORDS)
        return name

    def edited(self, chance, edits):
        """A copy with this many members drawn again."""
        copy = Config.__new__(Config)
        copy.cells = list(self.cells)
        for _ in range(edits):
            place = chance.below(len(copy.cells))
            name, maker, _ = copy.cells[place]
            copy.cells[place] = (name, maker, maker(chance))
        return copy

    @property
    def text(self):
        parts = [self.cells[start:start + self.SECTION] for start in range(0, len(self.cells), self.SECTION)]
        sections = ["{" + ",".join(f'"{name}":{text}' for name, _, text in part) + "}" for part in parts]
        if len(sections) == 1:
            return sections[0]
        return '{"version":1,"sections":[' + ",".join(
            f'{{"order":{place},"content":{section}}}' for place, section in enumerate(sections)) + "]}"


def different(chance, kind, first, taken):
    """A value of the kind whose text isn't among `taken`, near `first` when that is an object."""
    for attempt in range(1000):
        if isinstance(first, Config):
            value = first.edited(chance, chance.between(1, 1 + len(first.cells) // 12) + attempt // 20)
        else:
            value = Plain(kind(chance) if attempt < 20 else str(chance.below(100_000)))
        if value.text not in taken:
            return value
    raise ValueError("no other value can be drawn")


class Plain:
    def __init__(self, text):
        self.text = text
