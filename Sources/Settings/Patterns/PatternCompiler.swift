/// Turns a parsed expression into instructions.
///
/// Groups are remembered only where a back reference needs them.
struct PatternCompiler {
    static let instructionsMax = 20_000
    private static let workMax = 100_000

    private let ignoresCase: Bool
    private let keepsCaptures: Bool
    private(set) var instructions: [PatternInstruction] = []
    private(set) var splits: Int32 = 0
    private(set) var looks: Int32 = 0
    /// Two for each group, then one for each repeat that can turn without reading.
    private(set) var registers: Int32
    private var work = 0

    init(ignoresCase: Bool, keepsCaptures: Bool, groups: Int) {
        self.ignoresCase = ignoresCase
        self.keepsCaptures = keepsCaptures
        registers = Int32(groups + 1) * 2
    }

    mutating func compile(_ node: PatternNode) throws(PatternError) {
        try emit(node, isBack: false)
        try append(.done)
    }

    private mutating func append(_ instruction: PatternInstruction) throws(PatternError) {
        guard instructions.count < Self.instructionsMax else { throw .tooLarge(max: Self.instructionsMax) }
        instructions.append(instruction)
    }

    private var here: Int32 { Int32(instructions.count) }

    private mutating func emit(_ node: PatternNode, isBack: Bool) throws(PatternError) {
        work += 1
        guard work <= Self.workMax else { throw .tooLarge(max: Self.instructionsMax) }
        switch node {
        case .unit(let unit): try append(.unit(ignoresCase ? UnitCase.canonical(unit) : unit, isBack: isBack))
        case .any: try append(.any(isBack: isBack))
        case .set(let set): try append(.set(ignoresCase ? set.canonical : set, isBack: isBack))
        case .sequence(let nodes):
            if isBack {
                for node in nodes.reversed() { try emit(node, isBack: true) }
            } else {
                for node in nodes { try emit(node, isBack: false) }
            }
        case .alternatives(let options): try emit(options, isBack: isBack)
        case .capture(let number, let node):
            if keepsCaptures { try append(.save(Int32(number * 2 + (isBack ? 1 : 0)))) }
            try emit(node, isBack: isBack)
            if keepsCaptures { try append(.save(Int32(number * 2 + (isBack ? 0 : 1)))) }
        case .repeated(let body, let min, let max, let isGreedy, let captures):
            let turn = Turn(body: body, isBack: isBack, captures: keepsCaptures ? captures : 0..<0)
            try emit(turn, min: min, max: max, isGreedy: isGreedy)
        case .start: try append(.start)
        case .end: try append(.end)
        case .boundary(let expected): try append(.boundary(expected))
        case .look(let body, let isAhead, let isNegative):
            let at = instructions.count
            let number = looks
            looks += 1
            try append(.done)
            try emit(body, isBack: !isAhead)
            try append(.done)
            instructions[at] = .look(number: number, end: here, isNegative: isNegative)
        case .back(let number): try append(.back(Int32(number), isBack: isBack))
        }
    }

    private mutating func emit(_ options: [PatternNode], isBack: Bool) throws(PatternError) {
        var exits: [Int] = []
        for (index, option) in options.enumerated() {
            guard index < options.count - 1 else {
                try emit(option, isBack: isBack)
                break
            }
            let split = try reserveSplit()
            try emit(option, isBack: isBack)
            exits.append(instructions.count)
            try append(.jump(0))
            setSplit(split, first: Int32(split + 1), second: here)
        }
        for exit in exits { instructions[exit] = .jump(here) }
    }

    /// The body of a repeat.
    private struct Turn {
        let body: PatternNode
        let isBack: Bool
        let captures: Range<Int>
    }

    private mutating func emit(_ turn: Turn, min: Int, max: Int?, isGreedy: Bool) throws(PatternError) {
        for _ in 0..<min { try emit(turn, mustRead: false) }
        guard let max else {
            let split = try reserveSplit()
            try emit(turn, mustRead: true)
            try append(.jump(Int32(split)))
            finishSplit(split, isGreedy: isGreedy)
            return
        }
        var pending: [Int] = []
        for _ in min..<max {
            pending.append(try reserveSplit())
            try emit(turn, mustRead: true)
        }
        for split in pending { finishSplit(split, isGreedy: isGreedy) }
    }

    private mutating func emit(_ turn: Turn, mustRead: Bool) throws(PatternError) {
        work += 1
        guard work <= Self.workMax else { throw .tooLarge(max: Self.instructionsMax) }
        if !turn.captures.isEmpty {
            try append(.reset(first: Int32(turn.captures.lowerBound), last: Int32(turn.captures.upperBound - 1)))
        }
        guard mustRead, keepsCaptures else {
            try emit(turn.body, isBack: turn.isBack)
            return
        }
        let register = registers
        registers += 1
        try append(.mark(register))
        try emit(turn.body, isBack: turn.isBack)
        try append(.check(register))
    }

    private mutating func reserveSplit() throws(PatternError) -> Int {
        let at = instructions.count
        try append(.jump(0))
        return at
    }

    private mutating func setSplit(_ at: Int, first: Int32, second: Int32) {
        instructions[at] = .split(first: first, second: second, memo: splits)
        splits += 1
    }

    /// A split between the body after it and what comes now.
    private mutating func finishSplit(_ at: Int, isGreedy: Bool) {
        let body = Int32(at + 1)
        setSplit(at, first: isGreedy ? body : here, second: isGreedy ? here : body)
    }
}
