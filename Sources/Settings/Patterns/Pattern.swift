package import JSON

/// A JavaScript regular expression (ECMA-262 §22.2 with annex B, without the `u` and `v` flags) that always answers in
/// bounded time.
///
/// It matches UTF-16 code units as JavaScript does. Expressions without back references visit each pair of state and
/// position at most once; all stop at ``stepsMax(units:)`` and then do not match.
package struct Pattern: Sendable {
    /// Instructions executed for one answer on a text of a length; about a millisecond for a short one.
    package static func stepsMax(units: Int) -> Int { 100_000 + 32 * units }

    private let program: [PatternInstruction]
    private let leading: LeadingUnits
    private let ignoresCase: Bool
    private let keepsCaptures: Bool
    private let splits: Int32
    private let looks: Int32
    private let registers: Int32

    /// Compiles an expression as `new RegExp(source, ignoringCase ? "i" : "")` would.
    ///
    /// - Throws: ``PatternError``.
    package init(javaScript source: ExactString, ignoringCase: Bool = false) throws(PatternError) {
        var parser = try PatternParser(source.units)
        let node = try parser.parse()
        ignoresCase = ignoringCase
        keepsCaptures = parser.hasBackReferences
        var compiler = PatternCompiler(
            ignoresCase: ignoringCase,
            keepsCaptures: keepsCaptures,
            groups: parser.groupCount
        )
        try compiler.compile(node)
        program = compiler.instructions
        leading = LeadingUnits(of: node, ignoresCase: ignoringCase)
        splits = compiler.splits
        looks = compiler.looks
        registers = compiler.registers
    }

    /// Whether the expression matches anywhere in the text (`RegExp.prototype.test`).
    package func matches(_ text: ExactString) -> Bool { trial(text).matches }

    /// As `matches`, and what it took.
    ///
    /// `stepsMax` lowers the limit of steps.
    package func trial(_ text: ExactString, stepsMax: Int = .max) -> PatternTrial {
        var units = text.units
        if ignoresCase {
            for index in units.indices { units[index] = UnitCase.canonical(units[index]) }
        }
        var run = PatternRun(
            units: units,
            splits: splits,
            looks: looks,
            registers: registers,
            keepsCaptures: keepsCaptures,
            stepsMax: min(stepsMax, Self.stepsMax(units: units.count))
        )
        let matches = run.search(program, leading)
        return PatternTrial(matches: matches, steps: run.steps, isExhausted: run.isExhausted)
    }
}

extension Pattern {
    /// Compiles an expression of a condition or a URL rule: the SDK puts a backslash before each slash without one.
    ///
    /// - Throws: ``PatternError``.
    package init(authored source: ExactString, ignoringCase: Bool = false) throws(PatternError) {
        var units: [UInt16] = []
        var previous: UInt16?
        for unit in source.units {
            // A slash that was just escaped cannot be the character before the next one.
            if unit == 0x2F, let before = previous, before != 0x5C {
                units.append(0x5C)
                previous = nil
            } else {
                previous = unit
            }
            units.append(unit)
        }
        try self.init(javaScript: ExactString(units: units), ignoringCase: ignoringCase)
    }
}
