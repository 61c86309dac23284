import NIOCore

/// What a scripted origin does on one connection, one step after the other.
enum Step: Sendable {
    /// Waits until this text has come, and takes everything up to its end.
    case receive(String)
    case send(String)
    /// Sends bytes in pieces of so many, each in a write of its own.
    case pieces([UInt8], size: Int)
    /// Reads nothing from now on.
    case deaf
    /// Waits until somebody opens the gate.
    case wait(Gate)
    /// Opens a gate.
    case open(Gate)
    /// Says which gate to open when an `endless` step finds, for a tenth of a second, that nothing more is taken,
    /// or that 64 MiB have been.
    case full(Gate)
    /// Sends this text again and again, as fast as the other side takes it, for ever.
    case endless(String)
    case close
    /// Closes with RST.
    case reset

    /// The end of a request head.
    static let request = Step.receive("\r\n\r\n")
}
