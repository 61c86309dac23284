import JSON
import Publication
import Testing

@Suite("Differences of features files")
struct DiffTests {
    private func diff(_ old: String, _ new: String) throws -> SettingsDiff {
        let parser = JSONParser()
        return SettingsDiff(from: try parser.value(from: old), to: try parser.value(from: new))
    }

    private func rules(_ list: [Int]) -> String {
        let texts = list.map { "{\"force\":\($0)}" }
        return "{\"features\":{\"a\":{\"defaultValue\":1,\"rules\":[\(texts.joined(separator: ","))]}}}"
    }

    @Test("settings come, go and change; white space is no change, spelling is one")
    func settings() throws {
        let diff = try diff(
            #"{"features":{"gone":{"defaultValue":1},"same":{"defaultValue":[1, 2]},"spelt":{"defaultValue":1}}}"#,
            #"{"features":{"come":{"defaultValue":{"x":1}},"same":{"defaultValue":[1,2]},"spelt":"#
                + #"{"defaultValue":1.0}}}"#
        )
        #expect(diff.added.map(\.name) == ["come"])
        #expect(diff.added.map(\.newDefault) == [#"{"x":1}"#])
        #expect(diff.removed.map(\.name) == ["gone"])
        #expect(diff.changed.map(\.name) == ["spelt"])
        #expect(diff.changed.map(\.oldDefault) == ["1"])
        #expect(diff.changed.map(\.newDefault) == ["1.0"])
        #expect(diff.changed.first?.members == ["defaultValue"])
        #expect(diff.summary.text == "+1 \u{2212}1 ~1 settings, 0 rules")
    }

    @Test("a file does not differ from itself")
    func same() throws {
        #expect(try diff(rules([1, 2]), rules([1, 2])).isEmpty)
        #expect(try diff("{}", "{}").isEmpty)
        #expect(try diff("[]", "7").isEmpty, "neither has settings")
    }

    @Test(
        "rules are counted by what happened to them",
        arguments: [
            ([1, 2, 3], [1, 3], 0, 1, 0, false),
            ([1, 3], [1, 2, 3], 1, 0, 0, false),
            ([1, 2, 3], [1, 9, 3], 0, 0, 1, false),
            ([1, 2, 3], [3, 1, 2], 0, 0, 0, true),
            ([1, 2, 3, 4], [2, 9, 8, 7], 0, 0, 3, false),
            ([], [1, 1], 2, 0, 0, false),
            ([1, 1, 1], [1], 0, 2, 0, false),
        ]
    )
    func rules(_ old: [Int], _ new: [Int], _ added: Int, _ removed: Int, _ changed: Int, _ reordered: Bool) throws {
        let change = try #require(try diff(rules(old), rules(new)).changed.first)
        #expect(change.rulesAdded == added)
        #expect(change.rulesRemoved == removed)
        #expect(change.rulesChanged == changed)
        #expect(change.isReordered == reordered)
        #expect(change.members == ["rules"])
    }

    @Test("saved groups and other members are told by name")
    func groups() throws {
        let diff = try diff(
            #"{"features":{},"savedGroups":{"a":[1],"b":[2],"c":[3]},"x-sticky":false}"#,
            #"{"features":{},"savedGroups":{"b":[2,3],"c":[3],"d":[]},"x-platforms":["ios"]}"#
        )
        #expect(diff.groups == ["a", "b", "d"])
        #expect(diff.members == ["x-platforms", "x-sticky"])
        #expect(diff.summary.groups == 3)
    }

    @Test("names that are canonically equivalent are two")
    func exactNames() throws {
        let diff = try diff(
            "{\"features\":{\"\u{e9}\":{\"defaultValue\":1}}}",
            "{\"features\":{\"e\u{301}\":{\"defaultValue\":1}}}"
        )
        #expect(diff.added.count == 1 && diff.removed.count == 1 && diff.changed.isEmpty)
    }

    @Test("long values and long lists of names are cut")
    func bounds() throws {
        let long = String(repeating: "\u{e4}", count: 500)
        let names = (0..<50).map { "\"n\($0)\":{\"defaultValue\":\"\(long)\"}" }
        let diff = try diff("{}", "{\"features\":{\(names.joined(separator: ","))}}")
        #expect(diff.added.count == 50)
        #expect(diff.summary.addedNames.count == DiffSummary.namesMax)
        let value = try #require(diff.added[0].newDefault)
        #expect(value.utf8.count <= SettingChange.valueBytesMax + 3)
        #expect(value.hasSuffix("\u{e4}\u{2026}"))
    }
}
