/// How a program ended.
package enum ToolEnding: Equatable, Sendable, CustomStringConvertible {
    case exited(Int32)
    case killed(Int32)

    package var isSuccess: Bool { self == .exited(0) }

    package var description: String {
        switch self {
        case .exited(let code): "exited with code \(code)"
        case .killed(let signal): "was ended by signal \(signal)"
        }
    }
}
