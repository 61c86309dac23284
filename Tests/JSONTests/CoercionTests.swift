import JSON
import Testing

@Suite("JavaScript's conversions")
struct CoercionTests {
    @Test(
        "numbers are spelled as JavaScript spells them",
        arguments: [
            (1e21, "1e+21"), (1e20, "100000000000000000000"), (123e-20, "1.23e-18"), (0.000001, "0.000001"),
            (0.0000001, "1e-7"), (-0.0, "0"), (.leastNonzeroMagnitude, "5e-324"),
            (1.7976931348623157e308, "1.7976931348623157e+308"),
            (0.1 + 0.2, "0.30000000000000004"), (-1.5, "-1.5"), (9_007_199_254_740_992, "9007199254740992"),
            (.infinity, "Infinity"), (.nan, "NaN"), (100, "100"), (123_456.789, "123456.789"), (1e300, "1e+300"),
        ] as [(Double, String)]
    )
    func spelling(double: Double, text: String) {
        #expect(NumberText.javaScript(double) == text)
    }

    @Test(
        "texts become numbers as with Number()",
        arguments: [
            ("", 0), ("  ", 0), ("\u{FEFF} 12\n", 12), ("0x1F", 31), ("0b101", 5), ("0o17", 15), (".5", 0.5), ("1.", 1),
            ("-Infinity", -.infinity), ("+5", 5), ("1e3", 1000), ("0x1fffffffffffff9", 144_115_188_075_855_872),
        ] as [(ExactString, Double)]
    )
    func numbers(text: ExactString, number: Double) {
        #expect(JSCoercion.number(.string(text)) == number)
    }

    @Test("other texts are no numbers", arguments: ["1e", "0x", "-0x1", "1_0", "a", ".", "infinity", "1 2", "١"])
    func noNumbers(text: String) {
        #expect(JSCoercion.number(.text(text))?.isNaN == true)
    }

    @Test("containers become texts")
    func texts() {
        #expect(JSCoercion.string([1, nil, [2, "x"], ["a": 1]]) == "1,,2,x,[object Object]")
        #expect(JSCoercion.string(["toString": 1]) == nil)
        #expect(JSCoercion.number([["toString": 1]]) == nil)
        #expect(JSCoercion.number([]) == 0)
        #expect(JSCoercion.number(["12"]) == 12)
        #expect(JSCoercion.number([1, 2])?.isNaN == true)
    }

    @Test("unlike types compare as JavaScript compares them")
    func comparisons() {
        #expect(JSCoercion.less("10", "9") == true)
        #expect(JSCoercion.less("10", 9) == false)
        #expect(JSCoercion.lessOrEqual(nil, 0) == true)
        #expect(JSCoercion.less("a", 1) == false)
        #expect(JSCoercion.lessOrEqual("a", 1) == false)
        #expect(JSCoercion.less([2], [10]) == false)
        #expect(JSCoercion.less(false, true) == true)
        #expect(JSCoercion.less(["toString": 1], 1) == nil)
    }

    @Test("equal as JSON text looks at JavaScript's order of keys")
    func sameText() {
        #expect(JSCoercion.sameText(["a": 1, "1": 2], ["1": 2, "a": 1]))
        #expect(!JSCoercion.sameText(["a": 1, "b": 2], ["b": 2, "a": 1]))
        #expect(JSCoercion.sameText([.number(.infinity)], [nil]))
        #expect(JSCoercion.sameText([.number(-0.0)], [0]))
    }

    @Test("identity is of scalars")
    func identity() {
        #expect(JSCoercion.identical(1, 1))
        #expect(!JSCoercion.identical(1, "1"))
        #expect(!JSCoercion.identical([], []))
        #expect(JSCoercion.identical(nil, nil))
    }

    @Test("truth")
    func truth() {
        let truthy: [JSONValue] = [true, 1, "0", [], [:], -1]
        let falsy: [JSONValue] = [nil, false, 0, "", .number(-0.0)]
        #expect(truthy.allSatisfy(JSCoercion.truth))
        #expect(!falsy.contains(where: JSCoercion.truth))
    }
}
