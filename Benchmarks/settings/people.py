"""The 40 attributes of the benchmark's users, and the 190 conditions that ask for them."""

import json

PLATFORMS = ["ios", "android", "web"]
COUNTRIES = ["US", "BR", "IN", "MX", "ID", "DE", "FR", "GB", "TR", "JP", "KR", "IT", "ES", "CA", "AR", "PH", "TH", "VN",
             "PL", "NL", "AM", "SA", "EG", "AU"]
LANGUAGES = ["en", "pt", "es", "hi", "id", "de", "fr", "tr", "ja", "ko", "it", "th", "vi", "pl", "hy", "ar"]
TIERS = ["free", "trial", "plus", "pro", "team"]
MODELS = [f"{maker}-{number}" for maker in ("aurora", "birch", "cobalt", "dune", "ember") for number in range(1, 9)]
CHANNELS = ["organic", "search", "social", "partner", "email", "push"]
INTERESTS = ["collage", "portrait", "video", "stickers", "text", "drawing", "ads", "logos", "remix", "filters", "print"]
SEGMENTS = ["maker", "seller", "student", "agency", "casual", "power", "lapsed", "new"]
NETWORKS = ["wifi", "5g", "4g", "3g", "offline"]
VERSIONS = [f"{major}.{minor}.{patch}" for major in (21, 22, 23, 24) for minor in range(0, 10, 3) for patch in (0, 2)]
CITIES = ["São Paulo", "Berlin", "Łódź", "Tōkyō", "Mumbai", "Yerevan", "İzmir", "Lyon", "México", "Boston"]


def person(chance, number):
    """Attributes of one user: 40 top-level members, some 1.7 KB of JSON."""
    platform = chance.weighted([("ios", 4), ("android", 5), ("web", 1)])
    country = chance.zipf(COUNTRIES)
    language = chance.zipf(LANGUAGES)
    tier = chance.weighted([("free", 12), ("trial", 2), ("plus", 3), ("pro", 2), ("team", 1)])
    age = chance.below(1500)
    return {
        "id": f"u-{number:06d}-{chance.hexadecimal(12)}",
        "deviceId": f"{chance.hexadecimal(8)}-{chance.hexadecimal(4)}-{chance.hexadecimal(12)}",
        "companyId": f"c-{chance.below(400)}",
        "platform": platform,
        "country": country,
        "language": language,
        "locale": f"{language}-{country}",
        "city": chance.pick(CITIES),
        "timezoneOffset": chance.between(-10, 12) * 60,
        "currency": chance.pick(["USD", "EUR", "BRL", "INR", "JPY"]),
        "appVersion": chance.pick(VERSIONS),
        "osVersion": f"{chance.between(9, 18)}.{chance.below(5)}",
        "deviceModel": chance.zipf(MODELS),
        "deviceYear": chance.between(2015, 2026),
        "memoryMegabytes": 1024 * chance.between(1, 12),
        "cores": chance.pick([2, 4, 6, 8]),
        "screen": {"width": chance.pick([720, 1080, 1170, 1440]), "height": chance.pick([1280, 1920, 2532, 3120]),
                   "density": chance.pick([1, 1.5, 2, 2.75, 3])},
        "network": chance.pick(NETWORKS),
        "batteryPercent": chance.between(1, 100),
        "darkMode": chance.of(0.4),
        "accessibility": {"reduceMotion": chance.of(0.06), "fontScale": chance.pick([0.85, 1, 1, 1.15, 1.3])},
        "accountAgeDays": age,
        "sessions": chance.below(1 + age * 3),
        "lastSeenDays": chance.below(90),
        "tier": tier,
        "isSubscriber": tier in ("plus", "pro", "team"),
        "trialUsed": chance.of(0.3),
        "renewsInDays": chance.below(365) if tier != "free" else None,
        "purchases": [{"product": chance.pick(["pack", "credits", "print"]), "cents": 99 + 100 * chance.below(40)}
                      for _ in range(chance.below(4))],
        "lifetimeCents": 100 * chance.below(300),
        "edits": chance.below(5000),
        "exports": chance.below(800),
        "followers": int(chance.next() ** 6 * 200_000),
        "segments": chance.some(SEGMENTS, chance.between(1, 3)),
        "interests": chance.some(INTERESTS, chance.between(1, 5)),
        "channel": chance.pick(CHANNELS),
        "campaign": f"{chance.pick(CHANNELS)}-{chance.below(60)}",
        "email": f"person{number}@{chance.pick(['example.com', 'example.org', 'vitrine.test'])}",
        "isEmployee": chance.of(0.01),
        "betaOptIn": chance.of(0.08),
    }


def saved_groups(chance):
    """Groups of ids and of companies; some users are really in them."""
    groups = {f"group-{letter}": [f"c-{chance.below(400)}" for _ in range(size)]
              for letter, size in zip("abcdef", (12, 40, 80, 150, 300, 600))}
    groups["testers"] = [f"u-{number:06d}-{chance.hexadecimal(12)}" for number in range(2000)]
    groups["blocked-models"] = chance.some(MODELS, 6)
    return groups


def conditions(chance, count):
    """`count` different conditions, the broad ones first, as texts."""
    makers = [
        lambda: {"platform": chance.pick(PLATFORMS)},
        lambda: {"country": {"$in": sorted(chance.some(COUNTRIES, chance.between(2, 6)))}},
        lambda: {"platform": chance.pick(PLATFORMS), "appVersion": {"$vgte": chance.pick(VERSIONS)}},
        lambda: {"tier": chance.pick(TIERS)},
        lambda: {"country": chance.zipf(COUNTRIES), "isSubscriber": chance.of(0.5)},
        lambda: {"segments": {"$elemMatch": {"$eq": chance.pick(SEGMENTS)}}},
        lambda: {"accountAgeDays": {"$gte": 30 * chance.below(30), "$lt": 30 * chance.between(30, 60)}},
        lambda: {"country": {"$nin": sorted(chance.some(COUNTRIES, 8))}, "betaOptIn": True},
        lambda: {"deviceYear": {"$lt": chance.between(2017, 2024)}, "platform": "android"},
        lambda: {"$or": [{"tier": "pro"}, {"sessions": {"$gt": 100 * chance.between(1, 20)}}]},
        lambda: {"interests": {"$in": chance.some(INTERESTS, 2)}},
        lambda: {"screen.width": {"$gte": chance.pick([1080, 1170, 1440])}, "network": {"$ne": "3g"}},
        lambda: {"companyId": {"$inGroup": "group-" + chance.pick("abcdef")}},
        lambda: {"id": {"$inGroup": "testers"}, "country": chance.pick(COUNTRIES)},
        lambda: {"deviceModel": {"$notInGroup": "blocked-models"}, "memoryMegabytes": {"$gt": 1024 * chance.below(9)}},
        lambda: {"deviceModel": {"$regex": "^(" + "|".join(chance.some(["aurora", "birch", "cobalt", "dune"], 2))
                                 + ")-[" + str(chance.between(1, 4)) + "-8]$"}},
        lambda: {"email": {"$regex": "@example\\.(com|org)$"}, "exports": {"$gte": 20 * chance.between(1, 20)}},
        lambda: {"purchases": {"$elemMatch": {"product": chance.pick(["pack", "credits", "print"]),
                                              "cents": {"$gt": 100 * chance.between(2, 30)}}}},
        lambda: {"purchases": {"$size": {"$gte": chance.between(1, 3)}}, "language": chance.pick(LANGUAGES)},
        lambda: {"$and": [{"platform": {"$in": chance.some(PLATFORMS, 2)}}, {"lastSeenDays": {"$lt": chance.below(60)}},
                          {"$not": {"country": chance.pick(COUNTRIES)}}]},
        lambda: {"$nor": [{"network": "offline"}, {"batteryPercent": {"$lt": chance.between(5, 60)}}],
                 "channel": chance.pick(CHANNELS)},
        lambda: {"accessibility.reduceMotion": True, "language": {"$ne": chance.pick(LANGUAGES)}},
        lambda: {"renewsInDays": {"$exists": True, "$lte": chance.between(3, 200)}},
        lambda: {"campaign": {"$in": [f"{chance.pick(CHANNELS)}-{chance.below(60)}" for _ in range(12)]}},
        lambda: {"segments": {"$all": chance.some(SEGMENTS, 2)}, "osVersion": {"$vgt": f"{chance.between(9, 17)}"}},
    ]
    texts = []
    while len(texts) < count:
        text = json.dumps(makers[len(texts) % len(makers) if chance.of(0.6) else chance.below(len(makers))](),
                          separators=(",", ":"), ensure_ascii=False)
        if text not in texts:
            texts.append(text)
    return texts
