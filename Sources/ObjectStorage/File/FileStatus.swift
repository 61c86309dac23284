import FoundationEssentials
import Glibc

/// What the file system says of a file.
struct FileStatus: Sendable {
    enum Kind: Sendable {
        case file
        case folder
        case other
    }

    var kind: Kind
    /// Bytes.
    var size: Int
    var modifiedSeconds: Int
    var modifiedNanoseconds: Int
    /// When the file or one of its names last changed.
    var changedSeconds: Int
    var inode: UInt64
    var device: UInt64

    init(_ status: stat) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: kind = .file
        case S_IFDIR: kind = .folder
        default: kind = .other
        }
        size = Int(status.st_size)
        modifiedSeconds = status.st_mtim.tv_sec
        modifiedNanoseconds = status.st_mtim.tv_nsec
        changedSeconds = status.st_ctim.tv_sec
        inode = UInt64(status.st_ino)
        device = UInt64(status.st_dev)
    }

    var modified: Date {
        Date(timeIntervalSince1970: Double(modifiedSeconds) + Double(modifiedNanoseconds) / 1e9)
    }

    /// Another one for other bytes: `put` always makes a new file, so time, size and inode cannot all stay the same.
    var entityTag: String {
        let time = modifiedSeconds &* 1_000_000_000 &+ modifiedNanoseconds
        return [UInt64(bitPattern: Int64(time)), UInt64(size), inode].map { String($0, radix: 16) }
            .joined(separator: "-")
    }
}
