/// One trial of a program on a text: backtracking that, without back references, never comes to the same choice at the
/// same position twice.
struct PatternRun {
    /// Bits of memory for the choices made; texts that would need more are tried without, under the limit of steps.
    private static let memoMax = 1 << 23

    private struct Choice {
        let instruction: Int
        let position: Int
        let undone: Int
    }

    private let units: [UInt16]
    private let keepsCaptures: Bool
    private var choices: [Choice] = []
    /// A bit for each split and position that has failed; after the splits' bits two for each look and position.
    private var memo: [UInt64] = []
    private let isMemoised: Bool
    private let looksStart: Int
    /// Bits set inside a look, to be forgotten when it succeeds.
    private var trail: [Int] = []
    private var lookDepth = 0
    private var registers: [Int32]
    private var undo: [(register: Int32, old: Int32)] = []
    private let stepsMax: Int
    private(set) var steps = 0
    private(set) var isExhausted = false

    init(units: [UInt16], splits: Int32, looks: Int32, registers: Int32, keepsCaptures: Bool, stepsMax: Int) {
        self.units = units
        self.keepsCaptures = keepsCaptures
        self.stepsMax = stepsMax
        let positions = units.count + 1
        looksStart = Int(splits) * positions
        let bits = (Int(splits) + Int(looks) * 2) * positions
        isMemoised = !keepsCaptures && bits <= Self.memoMax
        if isMemoised { memo = [UInt64](repeating: 0, count: (bits + 63) / 64) }
        self.registers = keepsCaptures ? [Int32](repeating: -1, count: Int(registers)) : []
    }

    /// Whether the program matches anywhere.
    mutating func search(_ program: [PatternInstruction], _ leading: LeadingUnits) -> Bool {
        let last = leading.isAnchored ? 0 : units.count
        for start in 0...last where leading.allows(start < units.count ? units[start] : nil) {
            if keepsCaptures {
                for index in registers.indices { registers[index] = -1 }
                undo.removeAll(keepingCapacity: true)
            }
            if run(program, from: 0, at: start) { return true }
            if isExhausted { return false }
        }
        return false
    }

    private mutating func run(_ program: [PatternInstruction], from first: Int, at start: Int) -> Bool {
        let bottom = choices.count
        let undoneBottom = undo.count
        var instruction = first
        var position = start
        while true {
            steps += 1
            if steps > stepsMax {
                isExhausted = true
                choices.removeSubrange(bottom...)
                return false
            }
            if case .done = program[instruction] {
                choices.removeSubrange(bottom...)
                return true
            }
            if step(program, &instruction, &position) { continue }
            if isExhausted { return false }
            guard choices.count > bottom, let choice = choices.popLast() else {
                revert(to: undoneBottom)
                return false
            }
            instruction = choice.instruction
            position = choice.position
            revert(to: choice.undone)
        }
    }

    /// Executes one instruction; `false` when this way fails.
    @inline(__always)
    private mutating func step(
        _ program: [PatternInstruction],
        _ instruction: inout Int,
        _ position: inout Int
    ) -> Bool {
        switch program[instruction] {
        case .unit(let expected, let isBack):
            guard let unit = read(isBack, &position), unit == expected else { return false }
        case .any(let isBack):
            guard let unit = read(isBack, &position), !Self.endsLine(unit) else { return false }
        case .set(let set, let isBack):
            guard let unit = read(isBack, &position), set.contains(unit) else { return false }
        case .split(let first, let second, let memo):
            if isMemoised, !visit(Int(memo) * (units.count + 1) + position) { return false }
            choices.append(Choice(instruction: Int(second), position: position, undone: undo.count))
            instruction = Int(first)
            return true
        case .jump(let target):
            instruction = Int(target)
            return true
        case .start: guard position == 0 else { return false }
        case .end: guard position == units.count else { return false }
        case .boundary(let expected):
            guard (isWord(position - 1) != isWord(position)) == expected else { return false }
        case .look(let number, let end, let isNegative):
            guard look(program, Int(number), body: instruction + 1, position) != isNegative, !isExhausted else {
                return false
            }
            instruction = Int(end)
            return true
        case .save(let register), .mark(let register): set(register, Int32(position))
        case .check(let register): guard registers[Int(register)] != Int32(position) else { return false }
        case .reset(let first, let last):
            for register in first * 2...last * 2 + 1 { set(register, -1) }
        case .back(let group, let isBack): guard matchBack(Int(group), isBack, &position) else { return false }
        case .done: break
        }
        instruction += 1
        return true
    }

    @inline(__always)
    private func read(_ isBack: Bool, _ position: inout Int) -> UInt16? {
        if isBack {
            guard position > 0 else { return nil }
            position -= 1
            return units[position]
        }
        guard position < units.count else { return nil }
        position += 1
        return units[position - 1]
    }

    private static func endsLine(_ unit: UInt16) -> Bool {
        unit == 0x0A || unit == 0x0D || unit == 0x2028 || unit == 0x2029
    }

    private func isWord(_ position: Int) -> Bool {
        position >= 0 && position < units.count && UnitSet.word.contains(units[position])
    }

    /// Marks a bit; `false` when it was marked.
    private mutating func visit(_ bit: Int) -> Bool {
        let mask = UInt64(1) << UInt64(bit & 63)
        guard memo[bit >> 6] & mask == 0 else { return false }
        memo[bit >> 6] |= mask
        if lookDepth > 0 { trail.append(bit) }
        return true
    }

    private mutating func look(
        _ program: [PatternInstruction],
        _ number: Int,
        body: Int,
        _ position: Int
    ) -> Bool {
        let bit = looksStart + (number * (units.count + 1) + position) * 2
        if isMemoised {
            if memo[bit >> 6] >> UInt64(bit & 63) & 1 != 0 { return true }
            if memo[(bit + 1) >> 6] >> UInt64((bit + 1) & 63) & 1 != 0 { return false }
        }
        let trailStart = trail.count
        let undoStart = undo.count
        lookDepth += 1
        let found = run(program, from: body, at: position)
        lookDepth -= 1
        if isMemoised, !isExhausted {
            if found {
                // Choices on the way to a success have not failed.
                for bit in trail[trailStart...] { memo[bit >> 6] &= ~(UInt64(1) << UInt64(bit & 63)) }
                trail.removeSubrange(trailStart...)
            }
            let answer = found ? bit : bit + 1
            memo[answer >> 6] |= UInt64(1) << UInt64(answer & 63)
        }
        if case .look(_, _, true) = program[body - 1] { revert(to: undoStart) }
        return found
    }

    private mutating func set(_ register: Int32, _ value: Int32) {
        undo.append((register, registers[Int(register)]))
        registers[Int(register)] = value
    }

    private mutating func revert(to height: Int) {
        while undo.count > height, let last = undo.popLast() { registers[Int(last.register)] = last.old }
    }

    private mutating func matchBack(_ group: Int, _ isBack: Bool, _ position: inout Int) -> Bool {
        let start = Int(registers[group * 2])
        let end = Int(registers[group * 2 + 1])
        // A group that has not taken part matches nothing.
        guard start >= 0, end >= 0 else { return true }
        let length = end - start
        let from = isBack ? position - length : position
        guard from >= 0, from + length <= units.count else { return false }
        steps += length
        for offset in 0..<max(0, length) where units[start + offset] != units[from + offset] { return false }
        position = isBack ? from : from + length
        return true
    }
}
