import FoundationEssentials
import VitrineTesting

/// The files of a disk tier, seen from outside.
struct CacheFolder {
    let path: String

    init(_ folder: TemporaryFolder, _ name: String = "cache") {
        path = folder.path(of: name)
    }

    /// The names of the segments, oldest first.
    var segments: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".segment") }.sorted()
        }
    }

    func bytes(_ name: String) throws -> [UInt8] {
        try Array(Data(contentsOf: URL(filePath: path + "/" + name)))
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(filePath: path + "/" + name))
    }

    /// What a crash at this moment would leave, in another folder; `cut` makes the newest segment shorter.
    func copy(to other: CacheFolder, cut: (Int) -> Int = { $0 }) throws {
        let names = try segments
        // Newest first: while this goes on the tier may evict, which it does oldest first, so no gap arises.
        for name in names.reversed() {
            // A segment may be evicted between listing and reading.
            guard var bytes = try? bytes(name) else { continue }
            if name == names.last { bytes.removeLast(bytes.count - cut(bytes.count)) }
            try other.write(bytes, to: name)
        }
    }
}
