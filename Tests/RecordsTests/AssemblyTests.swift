import JSON
import Settings
import Testing

@Suite("Assembly")
struct AssemblyTests {
    private static let project = #"""
        {"features": {
          "ruled": {"defaultValue": 1.0, "rules": [
            {"condition": {"country": "de"}, "force": {"a" : [ 1, 2.50 ], "s": "x  y"}},
            {"condition": {"country": "fr"}, "force": 1.0}]},
          "plain": {"defaultValue": false},
          "näme\"q": {"defaultValue": "\u00e9 é"},
          "nothing": {},
          "killed": {"x-kill": true, "defaultValue": "off", "rules": [{"force": "on"}]},
          "hello": {"x-placeholders": true, "defaultValue": "Hi {{ user.name }}, {{n}}{{none}}"}
        }}
        """#

    @Test("a document has the constants first, every setting once, values as authored but for white space")
    func document() throws {
        let release = try Compiled.loaded(Self.project)
        let context = Compiled.context(["country": "de", "user": ["name": "A\"b\n"], "n": 1.5])
        let expected =
            #"{"plain":false,"näme\"q":"\u00e9 é","nothing":null,"killed":"off","#
            + #""ruled":{"a":[1,2.50],"s":"x  y"},"hello":"Hi A\"b\n, 1.5"}"#
        #expect(Compiled.document(release.evaluate(context)) == expected)
    }

    @Test("the length is known before the document is made")
    func byteCount() throws {
        let release = try Compiled.loaded(Self.project)
        for country in ["de", "us"] {
            let assembler = Assembler(release.evaluate(Compiled.context(["country": .text(country)])))
            #expect(assembler.byteCount == assembler.bytes().count)
        }
    }

    @Test("equal values of a setting are one line, and so one tag")
    func equalValues() throws {
        let release = try Compiled.loaded(Self.project)
        let french = release.evaluate(Compiled.context(["country": "fr"]))
        #expect(french.etag == release.evaluate(Compiled.context(["country": "us"])).etag)
        #expect(french.etag != release.evaluate(Compiled.context(["country": "de"])).etag)
        #expect(french.etag != release.evaluate(Compiled.context(["country": "fr", "n": 2])).etag)
        #expect(french.etag.hasPrefix("\"") && french.etag.hasSuffix("\"") && french.etag.utf8.count == 24)
    }

    @Test("a project without settings is an empty object")
    func empty() throws {
        let release = try Compiled.loaded(#"{"features": {}}"#)
        #expect(Compiled.document(release.evaluate(Compiled.context())) == "{}")
    }

    @Test("forced values take the place of ruled and of constant settings")
    func forced() throws {
        let release = try Compiled.loaded(Self.project)
        var context = Compiled.context(["country": "de"])
        let unforced = release.evaluate(context)
        context.forcedFeatures = JSONObject()
        context.forcedFeatures["plain"] = ["x": 1]
        context.forcedFeatures["ruled"] = 7
        context.forcedFeatures["unknown"] = 8
        let forced = release.evaluate(context)
        let value = try Compiled.value(Assembler(forced).bytes())
        #expect(value["plain"] == ["x": 1])
        #expect(value["ruled"] == 7)
        #expect(value["unknown"] == nil)
        #expect(value["killed"] == "off")
        #expect(forced.etag != unforced.etag)
        #expect(forced.token.text.isEmpty, "no delta can begin with a forced constant")
        #expect(Assembler(forced).packed(.zstd, compress: { $0 }) == nil)
    }

    @Test("pieces put together are the document", arguments: PackedCoding.allCases)
    func packed(coding: PackedCoding) throws {
        for seed in 0..<60 as Range<UInt64> {
            var project = RandomProject(seed: seed)
            let release = try Compiled.loaded(project.document())
            for _ in 0..<5 {
                var context = project.context()
                context.forcedFeatures = JSONObject()
                let assembler = Assembler(release.evaluate(context))
                #expect(assembler.packed(coding, compress: { $0 }) == assembler.bytes(), "seed \(seed)")
            }
        }
    }

    @Test("documents say what evaluating setting by setting says")
    func settingBySetting() throws {
        for seed in 1_000..<1_150 as Range<UInt64> {
            var project = RandomProject(seed: seed)
            let text = project.document()
            let release = try Compiled.loaded(text)
            for _ in 0..<10 {
                var context = project.context()
                context.sticky = nil
                let evaluated = release.evaluate(context)
                let document = try Compiled.value(Assembler(evaluated).bytes())
                #expect(document.object?.count == release.names.count)
                for (index, name) in release.names.enumerated() {
                    let outcome = release.outcome(of: name, context)
                    let text = release.text(of: outcome, name, context) ?? Array("null".utf8)
                    #expect(document[name] == (try Compiled.value(text)), "seed \(seed), \(name)")
                    #expect(evaluated.value(of: index) == text, "seed \(seed), \(name)")
                }
            }
        }
    }

    @Test("a value's variant says where it comes from")
    func variants() throws {
        let release = try Compiled.loaded(
            #"""
            {"features": {"a": {"defaultValue": 1, "rules": [
              {"condition": {"n": 1}, "id": "first", "force": 2}, {"condition": {"n": 2}, "force": 3},
              {"condition": {"n": 3}, "key": "e", "variations": [4, 5], "weights": [0, 1],
               "meta": [{}, {"key": "b"}]}]},
             "b": {"rules": [{"condition": {"n": 1}, "force": 1}]}, "c": {}}}
            """#
        )
        let found = (0..<4).map { number in
            let evaluated = release.evaluate(Compiled.context(["id": "u", "n": .number(number)]))
            return (0..<3).map { evaluated.variant(of: $0) }
        }
        #expect(
            found == [
                ["default", "none", "none"], ["first", "rule-1", "none"], ["rule-2", "none", "none"],
                ["b", "none", "none"],
            ]
        )
    }

    @Test("equal tags mean equal documents")
    func tags() throws {
        for seed in 2_000..<2_060 as Range<UInt64> {
            var project = RandomProject(seed: seed)
            let release = try Compiled.loaded(project.document())
            var documents: [String: [UInt8]] = [:]
            for _ in 0..<40 {
                let evaluated = release.evaluate(project.context())
                let bytes = Assembler(evaluated).bytes()
                if let known = documents[evaluated.etag] { #expect(known == bytes, "seed \(seed)") }
                documents[evaluated.etag] = bytes
            }
        }
    }
}
