import FoundationEssentials

/// The form of every small stored object: one line of JSON, members in alphabetical order, a line feed at the end.
enum StoredJSON {
    static func encode(_ value: some Encodable) throws(PublicationError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
        } catch {
            throw .damaged("an entry to be written", reason: "\(error)")
        }
    }

    /// `name` is the object's, for the error.
    static func decode<Value: Decodable>(
        _: Value.Type,
        from bytes: [UInt8],
        name: String
    ) throws(PublicationError) -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(bytes))
        } catch {
            throw .damaged(name, reason: "\(error)")
        }
    }
}
