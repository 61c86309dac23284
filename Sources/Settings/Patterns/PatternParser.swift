/// Reads the syntax of regular expressions without the `u` flag, with the leniency of annex B.
struct PatternParser {
    /// Groups inside each other.
    static let depthMax = 100

    let units: [UInt16]
    var at = 0
    /// Groups opened so far.
    private var opened = 0
    private var depth = 0
    /// All groups of the expression, and the names among them.
    private(set) var groupCount = 0
    private(set) var names: [[UInt16]: Int] = [:]
    private(set) var hasBackReferences = false

    init(_ units: [UInt16]) throws(PatternError) {
        self.units = units
        try countGroups()
    }

    mutating func parse() throws(PatternError) -> PatternNode {
        let node = try alternatives()
        guard at == units.count else { throw error("unmatched )") }
        return node
    }

    func error(_ what: String) -> PatternError { .syntax(what, at: at) }

    func unit(_ ahead: Int = 0) -> UInt16? {
        at + ahead < units.count ? units[at + ahead] : nil
    }

    func isNext(_ text: StaticString) -> Bool {
        var index = at
        for expected in text.description.utf16 {
            guard index < units.count, units[index] == expected else { return false }
            index += 1
        }
        return true
    }

    mutating func skip(_ text: StaticString) -> Bool {
        guard isNext(text) else { return false }
        at += text.utf8CodeUnitCount
        return true
    }

    /// Finds the groups first: what `\1` and `\k` mean depends on those to come.
    private mutating func countGroups() throws(PatternError) {
        var isInClass = false
        while let next = unit() {
            switch next {
            case 0x5C: at += 1
            case 0x5B: isInClass = true
            case 0x5D: isInClass = false
            case 0x28 where !isInClass:
                if unit(1) != 0x3F {
                    groupCount += 1
                } else if unit(2) == 0x3C, unit(3) != 0x3D, unit(3) != 0x21 {
                    groupCount += 1
                    at += 3
                    let name = try groupName()
                    guard names[name] == nil else { throw error("a group name twice") }
                    names[name] = groupCount
                    continue
                }
            default: break
            }
            at += 1
        }
        at = 0
    }

    /// A name up to and with the `>`.
    private mutating func groupName() throws(PatternError) -> [UInt16] {
        let start = at
        while let next = unit(), next != 0x3E {
            let isDigit = (0x30...0x39).contains(next)
            guard UnitSet.word.contains(next) || next == 0x24 || next >= 128, !isDigit || at > start else { break }
            at += 1
        }
        guard at > start, unit() == 0x3E else { throw error("a malformed group name") }
        defer { at += 1 }
        return Array(units[start..<at])
    }

    private mutating func alternatives() throws(PatternError) -> PatternNode {
        depth += 1
        guard depth <= Self.depthMax else { throw .tooDeep(max: Self.depthMax) }
        var options = [try sequence()]
        while skip("|") { options.append(try sequence()) }
        depth -= 1
        return options.count == 1 ? options[0] : .alternatives(options)
    }

    private mutating func sequence() throws(PatternError) -> PatternNode {
        var terms: [PatternNode] = []
        while let next = unit(), next != 0x7C, next != 0x29 { terms.append(try term()) }
        return terms.count == 1 ? terms[0] : .sequence(terms)
    }

    private mutating func term() throws(PatternError) -> PatternNode {
        if skip("^") { return .start }
        if skip("$") { return .end }
        if skip("\\b") { return .boundary(true) }
        if skip("\\B") { return .boundary(false) }
        let firstGroup = opened + 1
        let node: PatternNode
        if isNext("(") {
            let isLookbehind = isNext("(?<=") || isNext("(?<!")
            node = try group()
            if isLookbehind { return node }
        } else {
            node = try atom()
        }
        return try quantified(node, captures: firstGroup..<opened + 1)
    }

    private mutating func group() throws(PatternError) -> PatternNode {
        let start = at
        let node: PatternNode
        if skip("(?:") {
            node = try alternatives()
        } else if skip("(?=") {
            node = .look(try alternatives(), isAhead: true, isNegative: false)
        } else if skip("(?!") {
            node = .look(try alternatives(), isAhead: true, isNegative: true)
        } else if skip("(?<=") {
            node = .look(try alternatives(), isAhead: false, isNegative: false)
        } else if skip("(?<!") {
            node = .look(try alternatives(), isAhead: false, isNegative: true)
        } else {
            if skip("(?<") {
                _ = try groupName()
            } else if skip("(?") {
                throw error("an unknown kind of group")
            } else {
                at += 1
            }
            opened += 1
            let number = opened
            node = .capture(number, try alternatives())
        }
        guard skip(")") else {
            at = start
            throw error("an unterminated group")
        }
        return node
    }

    private mutating func quantified(_ node: PatternNode, captures: Range<Int>) throws(PatternError) -> PatternNode {
        let bounds: (min: Int, max: Int?)
        if skip("*") {
            bounds = (0, nil)
        } else if skip("+") {
            bounds = (1, nil)
        } else if skip("?") {
            bounds = (0, 1)
        } else if let braces = braces() {
            bounds = braces
        } else {
            return node
        }
        if let max = bounds.max, max < bounds.min { throw error("numbers out of order in {}") }
        let isGreedy = !skip("?")
        return .repeated(node, min: bounds.min, max: bounds.max, isGreedy: isGreedy, captures: captures)
    }

    /// `{n}`, `{n,}` or `{n,m}`; anything else that starts with a brace is itself.
    mutating func braces() -> (min: Int, max: Int?)? {
        let start = at
        guard skip("{"), let min = decimal() else {
            at = start
            return nil
        }
        if skip("}") { return (min, min) }
        guard skip(",") else {
            at = start
            return nil
        }
        if skip("}") { return (min, nil) }
        guard let max = decimal(), skip("}") else {
            at = start
            return nil
        }
        return (min, max)
    }

    private mutating func decimal() -> Int? {
        let start = at
        var value = 0
        while let digit = unit(), (0x30...0x39).contains(digit) {
            value = min(value * 10 + Int(digit - 0x30), 1 << 40)
            at += 1
        }
        return at > start ? value : nil
    }

    /// `\k` where there are named groups: the name's number.
    mutating func namedReference() throws(PatternError) -> PatternNode {
        guard skip("<") else { throw error("a malformed named reference") }
        guard let number = names[try groupName()] else { throw error("a reference to an unknown name") }
        hasBackReferences = true
        return .back(number)
    }

    /// `\1` and on, where there is such a group.
    mutating func numberedReference() -> PatternNode? {
        let start = at
        guard let number = decimal(), number > 0, number <= groupCount else {
            at = start
            return nil
        }
        hasBackReferences = true
        return .back(number)
    }
}
