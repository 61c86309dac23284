import JSON
package import ObjectStorage

/// A segment in the object store, as its manifest describes it.
package struct StoredSegment: Hashable, Sendable {
    /// The longest manifest, in bytes.
    static let manifestBytesMax = 64 << 10
    static let manifestsPrefix = "usage/manifests/"

    package var node: String
    /// From 1, without gaps.
    package var number: Int
    package var key: ObjectKey
    /// Of the compressed bytes, 64 hexadecimal digits.
    package var digest: String
    /// Compressed.
    package var bytes: Int
    package var lines: Int
    /// When its first line arrived, in microseconds since 1970; `nil` if the manifest does not say.
    package var firstReceivedMicroseconds: Int64?

    /// Reads a manifest.
    ///
    /// - Returns: `nil`, with the reason in `fault`, if it is not one of this format at this key.
    init?(manifest text: [UInt8], at place: ManifestName, fault: inout String) {
        // Whatever is wrong with the text, it is no manifest.
        guard let value = try? JSONParser(limits: JSONLimits(bytesMax: Self.manifestBytesMax)).value(from: text) else {
            fault = "it is not JSON"
            return nil
        }
        func word(_ name: String) -> String? { value[ExactString(name)]?.string?.wellFormed }
        func count(_ name: String) -> Int? {
            value[ExactString(name)]?.double.flatMap { Int(exactly: $0) }.flatMap { $0 >= 0 ? $0 : nil }
        }
        guard count("version") == 1 else {
            fault = "it has another version than 1"
            return nil
        }
        guard word("node") == place.node, count("number") == place.number else {
            fault = "it is another segment's"
            return nil
        }
        guard let digest = word("sha256"), Hexadecimal.isDigest(digest), let bytes = count("bytes"), bytes > 0,
            let lines = count("lines")
        else {
            fault = "sha256, bytes or lines cannot be"
            return nil
        }
        let expected = "usage/segments/\(place.node)/\(place.digits)-\(digest).csv.zst"
        guard let object = word("object"), object.utf8.elementsEqual(expected.utf8),
            // A name that was just compared with a good one is good.
            let key = try? ObjectKey(object)
        else {
            fault = "its object is not \(expected)"
            return nil
        }
        node = place.node
        number = place.number
        self.key = key
        self.digest = digest
        self.bytes = bytes
        self.lines = lines
        firstReceivedMicroseconds = count("firstReceived").map(Int64.init)
    }

    /// Where it is kept below the folder of fetched segments.
    var fileName: String { node + "/" + ManifestName.digits(number) + "-" + digest + ".csv.zst" }

    /// Its mark below the folder of marks, once it is in the tables.
    ///
    /// Segments may have equal bytes, so the digest alone would mark others too.
    var markName: String { node + "/" + ManifestName.digits(number) + "-" + digest + ".json" }

    /// Its name on the way: another one for each segment, also for equal bytes.
    var stagedName: String { node + "-" + ManifestName.digits(number) }

    /// For messages.
    package var description: String { "segment \(number) of node \(node)" }
}
