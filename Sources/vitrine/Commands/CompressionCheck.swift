import Compression
import HTTPSemantics

/// Whether the libraries that compress settings work on this machine.
enum CompressionCheck {
    /// One finding for each library: a document goes through it and comes back.
    static func findings() -> [DoctorCommand.Finding] {
        let codings: [String: ContentCoding] = ["libbrotli": .br, "libdeflate": .gzip, "libzstd": .zstd]
        return CompressionLibraries.versions.map { name, version in
            guard let coding = codings[name] else { return .init(name: name, isGood: true, detail: version) }
            let isGood = returns(coding)
            return .init(
                name: name,
                isGood: isGood,
                detail: version + (isGood ? ", read and written" : ", does not read what it wrote"),
                remedy: isGood ? "" : "apt-get install libbrotli1 libdeflate0 libzstd1"
            )
        }
    }

    private static func returns(_ coding: ContentCoding) -> Bool {
        let document = Array("{\"setting\":[1,2,3]}".utf8)
        do throws(CompressionError) {
            let packed: [UInt8] = try Compressor(idleMax: 0).compress(document, as: coding)
            return try Decompressor.decompress(packed, from: coding, bytesMax: document.count) == document
        } catch {
            return false
        }
    }
}
