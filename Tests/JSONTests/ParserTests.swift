import JSON
import Testing

@Suite("Reading JSON")
struct ParserTests {
    @Test(
        "what RFC 8259 does not allow is refused",
        arguments: [
            "", " ", "01", "1.", ".5", "+1", "-", "1e", "1e+", "NaN", "tru", "nulll", "[1,]", "[,1]", "[1",
            "{\"a\":1,}",
            "{\"a\"}", "{a:1}", "{\"a\":}", "'a'", "\"a", "\"\\x\"", "\"\\u12g4\"", "\"\t\"", "1 2", "[1]]",
            "\u{FEFF}1",
            "{\"a\":1 \"b\":2}", "[1 2]", "\u{A0}1",
        ]
    )
    func refusal(text: String) {
        #expect(throws: JSONError.self) { try JSONParser().value(from: text) }
        #expect(throws: JSONError.self) { try JSONParser().document(from: Array(text.utf8)) }
    }

    @Test("an error names line, column and offset")
    func place() throws {
        let error = #expect(throws: JSONError.self) { try JSONParser().value(from: "{\n  \"a\": 1,\n  \"b\": ?\n}") }
        #expect(error == JSONError(.unexpectedByte(UInt8(ascii: "?")), line: 3, column: 8, offset: 19))
        #expect(error?.description == "unexpected '?' at line 3, column 8")
    }

    @Test("bytes that are not UTF-8 are refused, in plain strings and in escaped ones")
    func notUTF8() {
        for bad: [UInt8] in [[0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xC3], [0xF4, 0x90, 0x80, 0x80]] {
            for prefix in ["", "\\n", "\\ud800"] {
                let bytes = [0x22] + Array(prefix.utf8) + bad + [0x22]
                let error = #expect(throws: JSONError.self) { try JSONParser().value(from: bytes) }
                #expect(error?.reason == .notUTF8)
                #expect(error?.offset == 1 + prefix.utf8.count)
            }
        }
    }

    @Test("the limits hold exactly")
    func limits() throws {
        let deep = JSONParser(limits: JSONLimits(depthMax: 3))
        #expect(try deep.value(from: "[[[1]]]").array?.count == 1)
        #expect(throws: JSONError.self) { try deep.value(from: "[[[[1]]]]") }
        #expect(throws: JSONError.self) { try deep.value(from: "{\"a\":{\"a\":{\"a\":{}}}}") }
        let few = JSONParser(limits: JSONLimits(valuesMax: 3))
        #expect(try few.value(from: "[1,2]").array?.count == 2)
        #expect(throws: JSONError.self) { try few.value(from: "[1,2,3]") }
        let short = JSONParser(limits: JSONLimits(bytesMax: 3))
        #expect(try short.value(from: "123").double == 123)
        #expect(throws: JSONError.self) { try short.value(from: "1234") }
    }

    @Test("places are those of the values, also of a key that is there twice")
    func places() throws {
        let text = #" { "a" : [ 1 , "x" ] , "b":2, "a" : 30 } "#
        let document = try JSONParser().document(from: Array(text.utf8))
        let spellings = document.extent.children.map { extent in
            String(decoding: Array(text.utf8)[extent.range], as: UTF8.self)
        }
        #expect(spellings == ["30", "2"])
        #expect(document.root.authoredText == #"{"a":30,"b":2}"#)
        #expect(document.duplicates.map(\.key) == ["a"])
        #expect(document.duplicates.first?.path == [])
        #expect(document.duplicates.first?.offset == 30)
    }

    @Test("a duplicate names the way to its object")
    func duplicatePath() throws {
        let document = try JSONParser().document(from: Array(#"{"f":[0,{"x":1,"x":2}]}"#.utf8))
        #expect(document.duplicates.first?.path == ["f", "1"])
        #expect(document.root["f"]?.array?[1]["x"] == 2)
    }

    @Test("authored spelling survives, and stringify is JavaScript's")
    func spelling() throws {
        let text = #"{"z": 1.0, "1": 1e3, "e": -0, "big": 123456789012345678901, "inf": 1e999, "s": "\u0041\ud800"}"#
        let value = try JSONParser().value(from: text)
        #expect(
            value.authoredText
                == #"{"z":1.0,"1":1e3,"e":-0,"big":123456789012345678901,"inf":1e999,"s":"A\ud800"}"#
        )
        #expect(
            value.stringifiedText
                == #"{"1":1000,"z":1,"e":0,"big":123456789012345680000,"inf":null,"s":"A\ud800"}"#
        )
    }

    @Test("compacting removes white space outside strings only")
    func compacting() {
        var bytes: [UInt8] = []
        let text = "{ \"a b\" :\t[ 1.0 ,\n\"c \\\" d\" ] }"
        JSONWriter.compact(Array(text.utf8).span, into: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == #"{"a b":[1.0,"c \" d"]}"#)
    }

    @Test("mutated texts are read or refused, and what is read reads the same again", arguments: [1, 2, 3])
    func fuzz(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let sample = #"{"a":[1,-2.5e3,true,null,"\u00e9\n\ud83d\ude00"],"b":{"c":"é","1":{}},"a":0.1}"#
        for _ in 0..<1_500 {
            let bytes = generator.mutated(Array(sample.utf8), alphabet: #"{}[]",:\u0123e.-+ tfn"#)
            let document: JSONDocument
            do throws(JSONError) {
                document = try JSONParser().document(from: bytes)
            } catch {
                #expect(error.offset <= bytes.count && error.line >= 1 && error.column >= 1)
                continue
            }
            #expect(try JSONParser().value(from: bytes) == document.root)
            #expect(try JSONParser().value(from: document.root.authoredText) == document.root)
            var compacted: [UInt8] = []
            JSONWriter.compact(bytes.span, into: &compacted)
            #expect(try JSONParser().value(from: compacted) == document.root)
            #expect(String(decoding: document.root.stringified, as: UTF8.self) == document.root.stringifiedText)
            try Self.checkPlaces(document.root, document.extent, bytes)
        }
    }

    /// Every place, read alone, is the value there.
    private static func checkPlaces(_ value: JSONValue, _ extent: JSONExtent, _ bytes: [UInt8]) throws {
        #expect(try JSONParser().value(from: Array(bytes[extent.range])) == value)
        let children = value.array ?? value.object?.members.map(\.value) ?? []
        #expect(children.count == extent.children.count)
        for (child, place) in zip(children, extent.children) { try checkPlaces(child, place, bytes) }
    }
}
