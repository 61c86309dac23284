/// One file of a usage log.
struct UsageSegment: Hashable, Sendable {
    /// From 1 on; greater numbers are younger.
    var number: UInt32
    /// What of it is on the disk.
    var bytes: Int

    /// The file's name.
    var name: String { Self.name(number) }

    static func name(_ number: UInt32) -> String {
        let digits = String(number)
        return "usage-" + String(repeating: "0", count: 10 - digits.utf8.count) + digits + ".log"
    }

    /// The number that a file's name says; `nil` if it is no segment.
    static func number(of name: String) -> UInt32? {
        guard name.hasPrefix("usage-"), name.hasSuffix(".log"),
            let number = UInt32(name.dropFirst(6).dropLast(4)), number > 0, Self.name(number) == name
        else { return nil }
        return number
    }
}
