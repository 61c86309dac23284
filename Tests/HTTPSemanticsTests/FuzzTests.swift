import HTTPSemantics
import HTTPTypes
import Testing

/// Whatever comes from the network: nothing traps, and what is read obeys the rules.
@Suite("Mutated input")
struct FuzzTests {
    static let seeds: [UInt64] = [1, 2, 3, 4]
    private static let rounds = 1_500

    @Test("dates are read or not, and what is read is written back the same", arguments: seeds)
    func dates(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let starts = [
            "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
        ]
        for _ in 0..<Self.rounds {
            let start = starts.randomElement(using: &generator) ?? ""
            let text = generator.mutated(start, alphabet: "0123456789 ,:-GMTSunNovDec")
            guard
                let date = HTTPDate(
                    fieldValue: text,
                    nowMilliseconds: Int64.random(in: 0...(1 << 45), using: &generator)
                )
            else { continue }
            #expect(HTTPDate(fieldValue: date.fieldValue) == date, "\(text)")
            #expect(text.utf8.count >= 24, "\(text)")
        }
    }

    @Test("any number of seconds makes a date", arguments: seeds)
    func anySeconds(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<Self.rounds {
            let seconds =
                Int64.random(in: .min ... .max, using: &generator) >> Int64.random(in: 0..<64, using: &generator)
            #expect(HTTPDate(secondsSince1970: seconds).fieldValue.utf8.count == 29, "\(seconds)")
        }
    }

    @Test("directives stay within their limits", arguments: seeds)
    func directives(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let start = "max-age=3600, no-cache=\"a, b\", s-maxage=\"10\", private, stale-if-error=9;x=(1 2), no-store=?0"
        for _ in 0..<Self.rounds {
            let text = generator.mutated(start, alphabet: "=\",;\\ ()?:*0129azA-")
            for directives in [CacheControl(values: [text]), CacheControl(targeted: [text])].compactMap(\.self) {
                let seconds = [
                    directives.maxAge, directives.sharedMaxAge, directives.staleIfError,
                    directives.staleWhileRevalidate, directives.minFresh,
                ]
                for value in seconds.compactMap(\.self) {
                    #expect((0...1_000_000_000_000).contains(value), "\(text)")
                }
                #expect(directives.restrictedFields.count <= text.utf8.count, "\(text)")
            }
        }
    }

    @Test("lists lose nothing but commas and spaces", arguments: seeds)
    func lists(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        func core(_ text: some StringProtocol) -> [UInt8] { text.utf8.filter { ![0x20, 0x09, 0x2C].contains($0) } }
        for _ in 0..<Self.rounds {
            let text = generator.mutated("a, \"b,c\\\"\" ,,\td=e", alphabet: ",\"\\ \tabc")
            let members = Array(FieldList(text))
            #expect(core(members.joined()) == core(text), "\(text)")
            #expect(members.allSatisfy { !$0.isEmpty }, "\(text)")
        }
    }

    @Test("a policy keeps its times in order, whatever the response says", arguments: seeds)
    func policies(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let starts = [
            ("Cache-Control", "max-age=60, s-maxage=9, stale-if-error=99, public"), ("Age", "12, 13"),
            ("CDN-Cache-Control", "max-age=10, stale-while-revalidate=9"), ("Expires", Sample.text(90)),
            ("Date", Sample.date), ("Vary", "a, b"), ("ETag", "W/\"a\""), ("Last-Modified", Sample.text(-90)),
            ("Content-Range", "bytes 0-9/100"), ("Connection", "close, a"),
        ]
        var settings = CachingSettings()
        settings.heuristicPercent = 10
        for round in 0..<500 {
            var lines: [(String, String)] = []
            for (name, value) in starts where Bool.random(using: &generator) {
                lines.append((name, generator.mutated(value, alphabet: "0123456789,;=\"- *GMT")))
            }
            let stored = Sample.stored(200 + round % 400, lines, settings: settings)
            let policy = stored.policy
            #expect(policy.ageAtResponseMilliseconds >= 0, "\(lines)")
            #expect(policy.freshUntilMilliseconds >= 0, "\(lines)")
            for window in [policy.staleWhileRevalidateUntilMilliseconds, policy.staleIfErrorUntilMilliseconds] {
                #expect(window == 0 || window >= policy.freshUntilMilliseconds, "\(lines)")
            }
            for now in [0, Sample.now, Int64.max / 4] {
                let decision = policy.decision(for: RequestPolicy(Sample.request()), at: now)
                #expect((decision == .serve) == (now < policy.freshUntilMilliseconds), "\(lines)")
            }
            #expect(!stored.head.fields.contains(.connection), "\(lines)")
            if policy.storability == .store {
                let bytes = stored.encoded() ?? []
                #expect(bytes.isEmpty || (try? StoredResponse(decoding: bytes[...])) == stored, "\(lines)")
            }
        }
    }

    @Test("extreme times do not overflow", arguments: seeds)
    func extremeTimes(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let lines = [
            ("Cache-Control", "max-age=999999999999999, stale-if-error=999999999999999"), ("Age", "999999999999999"),
            ("Date", "Sat, 01 Jan 0000 00:00:00 GMT"), ("Expires", "Fri, 31 Dec 9999 23:59:59 GMT"),
        ]
        for _ in 0..<Self.rounds {
            let asked = Int64.random(in: 0...(1 << 50), using: &generator)
            let policy = ResponsePolicy(
                request: Sample.request(),
                response: Sample.response(200, lines),
                requestMilliseconds: asked,
                responseMilliseconds: Int64.random(in: 0...(1 << 50), using: &generator)
            )
            let request = RequestPolicy(
                Sample.request(.get, [("Cache-Control", "min-fresh=999999999999999, max-stale=999999999999999")])
            )
            _ = policy.decision(for: request, at: Int64.random(in: 0...(1 << 50), using: &generator))
            #expect(policy.ageSeconds(at: 0) >= 0)
        }
    }

    @Test("planned ranges lie within the content, are not empty and do not overlap", arguments: seeds)
    func ranges(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let whole = Sample.stored(200, [("ETag", "\"a\"")])
        for _ in 0..<Self.rounds {
            let start = ["bytes=0-1, 5-9,-3", "bytes=7-", "bytes=-5"].randomElement(using: &generator) ?? ""
            let text = generator.mutated(start, alphabet: "0123456789-,= bytes")
            let length = Int.random(in: 0...12, using: &generator)
            let request = Sample.request(.get, [("Range", text)])
            let ranges: [Range<Int>]
            switch RangePlan(request: request, stored: whole, bodyLength: length) {
            case .part(let range): ranges = [range]
            case .parts(let parts): ranges = parts
            default: continue
            }
            #expect(ranges.allSatisfy { !$0.isEmpty && $0.lowerBound >= 0 && $0.upperBound <= length }, "\(text)")
            let sorted = ranges.sorted { $0.lowerBound < $1.lowerBound }
            #expect(zip(sorted, sorted.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound }, "\(text)")
        }
    }

    @Test("Content-Range, tags, targets, references and loops are read without harm", arguments: seeds)
    func others(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let identity = CacheIdentity(node: "n1")
        for _ in 0..<Self.rounds {
            let range = generator.mutated("bytes 4-9/10", alphabet: "0123456789-/* bytes")
            if let partial = PartialContent(contentRange: range) {
                #expect(PartialContent(contentRange: partial.fieldValue) == partial, "\(range)")
            }
            let tags = generator.mutated("W/\"a\", \"b\", *", alphabet: "W/\"ab,* ")
            let isListed = EntityTag("a").isListed(inIfMatch: tags)
            #expect(!isListed || EntityTag("a").isListed(inIfNoneMatch: tags), "strong implies weak: \(tags)")
            let target = generator.mutated("http://shop.test:80/a/../b?c#d", alphabet: "/.?#:@a%[] ")
            let reference = URIReference(target)
            if let path = reference.resolved(scheme: "http", authority: "shop.test", path: "/x?y") {
                #expect(path.hasPrefix("/"), "\(target)")
                #expect(!(path.split(separator: "?").first ?? "").split(separator: "/").contains(".."), "\(target)")
            }
            if case .absolute(_, let authority, let path) = RequestTarget(target, method: "GET") {
                #expect(!authority.contains("@") && !authority.contains("/") && path.hasPrefix("/"), "\(target)")
            }
            let loop = generator.mutated("foo, vitrine; node=\"n2\"", alphabet: ",;=\" vitrn12")
            _ = identity.isLooping(Sample.fields([("CDN-Loop", loop), ("Via", loop)]))
        }
    }

    @Test("secondary keys don't depend on how Vary is written", arguments: seeds)
    func vary(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<Self.rounds {
            let text = generator.mutated("Accept-Language, foo", alphabet: "*, fobarFO")
            let value = generator.mutated("en;q=0.5, de, \"x,y\"", alphabet: ",;=\" qend015.")
            let request = Sample.request(.get, [("foo", value), ("Accept-Language", value)])
            let rule = VaryRule(fields: Sample.fields([("Vary", text)]))
            let again = VaryRule(fields: Sample.fields([("Vary", rule.text.uppercased())]))
            #expect(again == rule, "\(text)")
            let keys = rule.lookupKeys(for: request)
            #expect(keys.isEmpty == (rule == .any), "\(text)")
            let stored = rule.storageKeys(for: request, response: Sample.response())
            #expect(keys.first == stored.first, "\(text)")
        }
    }

    @Test("damaged encodings are refused or read, never trap", arguments: seeds)
    func encodings(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let starts = [
            StoredResponseEncodingTests.whole, StoredResponseEncodingTests.part, StoredResponseEncodingTests.replayed,
        ].compactMap { $0.encoded() }
        for _ in 0..<Self.rounds {
            let bytes = generator.mutated(
                starts.randomElement(using: &generator) ?? [],
                alphabet: "\u{0}\u{1}a:\r\n\u{7F}"
            )
            do throws(StoredResponseError) {
                let stored = try StoredResponse(decoding: bytes[...])
                #expect((200...599).contains(stored.head.status.code))
                #expect((stored.ownRange != nil) == stored.policy.flags.contains(.isPartial))
                _ = stored.policy.decision(for: RequestPolicy(Sample.request()), at: Sample.now)
                let isSame = stored.encoded() == bytes
                #expect(isSame, "what is read is written the same")
            } catch {
                #expect(error == .malformed || error == .unknownVersion)
            }
        }
    }
}
