import Synchronization

/// A segment file that readers may use; its bytes are charged to the ledger until the last of them is done with it.
final class Segment: Sendable {
    private struct State {
        var chargedBytes: Int
        var isSynchronized: Bool
    }

    /// At least 1; a later segment has a greater number.
    let id: UInt32
    let file: any SegmentFile
    private let ledger: SpaceLedger
    private let state: Mutex<State>

    init(id: UInt32, file: any SegmentFile, chargedBytes: Int, isSynchronized: Bool, ledger: SpaceLedger) {
        self.id = id
        self.file = file
        self.ledger = ledger
        state = Mutex(State(chargedBytes: chargedBytes, isSynchronized: isSynchronized))
        ledger.charge(chargedBytes)
    }

    deinit {
        ledger.charge(-state.withLock { $0.chargedBytes })
    }

    var name: String { Self.name(of: id) }

    /// The file of segment 255 is `000000ff.segment`.
    static func name(of id: UInt32) -> String {
        let digits = String(id, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits + ".segment"
    }

    /// The number in a file's name; `nil` if it is none of a segment.
    static func id(ofName name: String) -> UInt32? {
        guard name.hasSuffix(".segment"), let id = UInt32(name.dropLast(8), radix: 16), id > 0,
            self.name(of: id) == name
        else { return nil }
        return id
    }

    /// Corrects what the file is charged with.
    func charge(_ bytes: Int) {
        let difference = state.withLock { state in
            let difference = bytes - state.chargedBytes
            state.chargedBytes = bytes
            return difference
        }
        ledger.charge(difference)
    }

    var chargedBytes: Int { state.withLock { $0.chargedBytes } }

    var isSynchronized: Bool {
        get { state.withLock { $0.isSynchronized } }
        set { state.withLock { $0.isSynchronized = newValue } }
    }
}
