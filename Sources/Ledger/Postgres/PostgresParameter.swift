/// A value of a prepared statement.
enum PostgresParameter: Sendable {
    /// As text, without zero bytes.
    case text([UInt8])
    /// In PostgreSQL's binary form.
    case binary([UInt8])

    static func number(_ number: Int64) -> PostgresParameter { .binary(bigEndian(number)) }

    static func text(_ text: String) -> PostgresParameter { .text(Array(text.utf8)) }

    var bytes: [UInt8] {
        switch self {
        case .text(let bytes), .binary(let bytes): bytes
        }
    }

    var isBinary: Bool {
        if case .binary = self { true } else { false }
    }

    private static func bigEndian(_ number: Int64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> Int64(56 - 8 * $0)) }
    }
}
