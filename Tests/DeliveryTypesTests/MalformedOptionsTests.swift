import DeliveryTypes
import Testing

@Suite("Malformed options")
struct MalformedOptionsTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let options: String
        let option: String
        /// A piece of the reason that tells a person what to change.
        let hint: String

        init(_ options: String, _ option: String, _ hint: String) {
            (self.options, self.option, self.hint) = (options, option, hint)
        }

        var testDescription: String { String(options.prefix(60)) }
    }

    static let unknown: [Fault] = [
        Fault("nope:1", "nope", "no such option"),
        Fault("W:100", "W", "no such option"),
        Fault("w:1/unsharp_masking:1", "unsharp_masking", "no such option"),
        Fault(":1", "", "no such option"),
        Fault("w", "w", "needs arguments"),
        Fault("w:1//h:2", "", "no such option"),
        Fault("w:1/", "", "no such option"),
        Fault("rs%3Afill", "rs%3Afill", "no such option"),
        Fault("-", "-", "no such option"),
    ]

    static let numbers: [Fault] = [
        Fault("w:abc", "w", "argument 1 is \"abc\", expected a whole number from 0 to 1000000"),
        Fault("w:", "w", "argument 1 is missing"),
        Fault("width:-1", "width", "whole number"),
        Fault("w:1.5", "w", "whole number"),
        Fault("w:1000001", "w", "1000000"),
        Fault("w:99999999999999999999999999", "w", "whole number"),
        Fault("w:9223372036854775808", "w", "whole number"),
        Fault("w: 5", "w", "whole number"),
        Fault("w:٣", "w", "whole number"),
        Fault("w:1:2", "w", "takes 1 argument, not 2"),
        Fault("rs:fill:a:2", "rs", "argument 2 is \"a\""),
        Fault("rs:fill:1:2:3", "rs", "argument 4 is \"3\""),
        Fault("rs:fill:1:2:0:1:no:1:2:3", "rs", "takes 1 to 8"),
        Fault("z:0", "z", "above 0"),
        Fault("z:-1", "z", "above 0"),
        Fault("z::2", "z", "argument 1 is missing"),
        Fault("dpr:nan", "dpr", "above 0"),
        Fault("dpr:inf", "dpr", "above 0"),
        Fault("dpr:1e999", "dpr", "above 0"),
        Fault("dpr:0x1p3", "dpr", "above 0"),
        Fault("dpr:1e-999", "dpr", "above 0"),
        Fault("dpr:101", "dpr", "at most 100"),
        Fault("bl:-0.1", "bl", "number from 0 to 1000"),
        Fault("bl:1_0", "bl", "number from 0"),
        Fault("pix:-1", "pix", "whole number"),
        Fault("q:101", "q", "from 0 to 100"),
        Fault("mb:-1", "mb", "whole number"),
        Fault("exp:tomorrow", "exp", "whole number"),
        Fault("exp:-5", "exp", "whole number"),
        Fault("rot:45", "rot", "multiple of 90"),
        Fault("rot:9223372036854775807", "rot", "whole number"),
        Fault("msr:-1", "msr", "number from 0"),
        Fault("maf:0.5", "maf", "whole number"),
        Fault("c:-1:5", "c", "number from 0"),
        Fault("pd:1:2:3:4:5", "pd", "takes 1 to 4"),
    ]

    static let words: [Fault] = [
        Fault("rt:stretch", "rt", "fit, fill, fill-down, force, auto"),
        Fault("el:yes", "el", "1, t, true, 0, f or false"),
        Fault("el:", "el", "missing"),
        Fault("fl:2", "fl", "1, t, true"),
        Fault("g:xx", "g", "ce, no, so"),
        Fault("g:re", "g", "ce, no, so"),
        Fault("g:fp:0.5", "g", "argument 3 is missing"),
        Fault("g:fp:1.5:0", "g", "from 0 to 1"),
        Fault("g:sm:1", "g", "no offsets"),
        Fault("g:", "g", "missing"),
        Fault("g:no:1:2:3", "g", "takes 1 to 3"),
        Fault("ex:1:sm", "ex", "ce, no, so"),
        Fault("ex:1:re", "ex", "ce, no, so"),
        Fault("c:1:1:re", "c", "ce, no, so"),
        Fault("c:1:1:no:a", "c", "argument 4 is \"a\""),
        Fault("t:-1", "t", "number from 0"),
        Fault("t:10:xyz", "t", "hexadecimal"),
        Fault("bg:12345", "bg", "hexadecimal"),
        Fault("bg:1:2", "bg", "red, green and blue"),
        Fault("bg:256:0:0", "bg", "from 0 to 255"),
        Fault("bga:1.1", "bga", "from 0 to 1"),
        Fault("f:pdf", "f", "picture format"),
        Fault("f:best", "f", "picture format"),
        Fault("f:heic", "format", "read, not written"),
        Fault("f:svg", "format", "read, not written"),
        Fault("fq:jpeg", "fq", "takes 2 to"),
        Fault("fq:jpeg:80:webp", "fq", "every format needs a quality"),
        Fault("fq:jpeg:101", "fq", "from 0 to 100"),
        Fault("fq:xyz:10", "fq", "picture format"),
        Fault("skp:jpg:bad", "skp", "argument 2 is \"bad\""),
        Fault("aq:ml", "aq", "none, dssim or size"),
        Fault("aq:size", "aq", "argument 2 is missing"),
        Fault("aq:dssim:0", "aq", "above 0"),
        Fault("aq:dssim:0.1:90:10", "aq", "above the greatest"),
        Fault("pr:none", "pr", "no preset \"none\""),
        Fault("preset:", "preset", "missing"),
    ]

    static let texts: [Fault] = [
        Fault("wm:", "wm", "missing"),
        Fault("wm:2", "wm", "from 0 to 1"),
        Fault("wm:1:sm", "wm", "re, ch"),
        Fault("wm:1:re:-1", "wm", "negative"),
        Fault("wm:1:ce:1:2:3:4", "wm", "takes 1 to 5"),
        Fault("wmu:***", "wmu", "URL-safe Base64"),
        Fault("wmu:Zm9v", "wmu", "no scheme"),
        Fault("ly:bG9jYWw6Ly8vLi4veA", "ly", ".. segment"),
        Fault("ly:", "ly", "missing"),
        Fault("txt:", "txt", "missing"),
        Fault("txt:_w", "txt", "URL-safe Base64"),
        Fault("txt:YQ:0", "txt", "above 0"),
        Fault("txt:YQ:12:red", "txt", "hexadecimal"),
        Fault("txt:YQ:12:f00:sm", "txt", "ce, no, so"),
        Fault("txt:YQ:12:f00:ce:0:0:2", "txt", "argument 7"),
        Fault("txt:YQ:12:f00:ce:0:0:1:a%22b", "txt", "font"),
        Fault("txt:AA", "txt", "null"),
        Fault("cb:ä", "cb", "visible ASCII"),
        Fault("fn:a%zz", "fn", "percent-encoded"),
        Fault("fn:..%2Fetc", "fn", "slash"),
        Fault("fn:a%0Db", "fn", "control"),
        Fault("fn:!!:1", "fn", "Base64"),
    ]

    @Test("unknown options are named", arguments: unknown)
    func unknownOptions(_ fault: Fault) { expect(fault) }

    @Test("numbers outside their range are refused", arguments: numbers)
    func badNumbers(_ fault: Fault) { expect(fault) }

    @Test("words that mean nothing are refused", arguments: words)
    func badWords(_ fault: Fault) { expect(fault) }

    @Test("texts, names and sources that cannot be read are refused", arguments: texts)
    func badTexts(_ fault: Fault) { expect(fault) }

    private func expect(_ fault: Fault) {
        let error = #expect(throws: TransformationError.self) { try Transformation(parsing: fault.options) }
        #expect(error?.option == fault.option)
        #expect(error?.reason.contains(fault.hint) == true, "\(error?.reason ?? "")")
    }

    @Test("an error repeats little of the URL, and nothing that does not print")
    func errorsAreClean() throws {
        let long = String(repeating: "x", count: 5_000)
        let error = #expect(throws: TransformationError.self) { try Transformation(parsing: "w:\(long)") }
        #expect((error?.description.count ?? .max) < 300)
        let control = #expect(throws: TransformationError.self) { try Transformation(parsing: "w:a\u{1B}[31m\"b") }
        let clean = #"The option "w" is wrong: argument 1 is "a�[31m'b", expected a whole number from 0 to 1000000."#
        #expect(control?.description == clean)
    }
}
