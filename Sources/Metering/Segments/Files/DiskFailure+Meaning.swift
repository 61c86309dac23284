import Caching
import Glibc

extension DiskFailure {
    /// A folder that another process has locked.
    static let taken = DiskFailure(call: "flock", code: EWOULDBLOCK)

    /// Whether there is no room.
    var isFull: Bool { code == ENOSPC || code == EDQUOT }

    /// Whether there is no such file or folder.
    var isAbsence: Bool { code == ENOENT || code == ENOTDIR }

    /// Whether there is such a file already.
    var isPresence: Bool { code == EEXIST }

    /// What callers of the module are told.
    var meteringError: MeteringError { isFull ? .full : .disk(self) }
}

/// Runs `body`, a failed call of which becomes the module's error.
func meteringErrors<Value>(_ body: () throws(DiskFailure) -> Value) throws(MeteringError) -> Value {
    do throws(DiskFailure) {
        return try body()
    } catch {
        throw error.meteringError
    }
}
