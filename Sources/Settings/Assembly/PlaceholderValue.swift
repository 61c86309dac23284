import JSON

/// What a placeholder is filled with: an attribute as text, escaped for the inside of a JSON string.
enum PlaceholderValue {
    /// - Returns: strings as they are, numbers and booleans as JavaScript writes them, arrays and objects as JSON;
    ///   nothing for `null` and for attributes that are not there.
    static func bytes(of path: ExactString, in attributes: JSONObject) -> [UInt8] {
        switch value(of: path, in: attributes) {
        case nil, .null: return []
        case .string(let text): return escaped(text)
        case .some(let value): return escaped(ExactString(value.stringifiedText))
        }
    }

    /// The attribute of that very name, or else the one that the dotted path leads to.
    private static func value(of path: ExactString, in attributes: JSONObject) -> JSONValue? {
        if let value = attributes[path] { return value }
        guard let text = path.wellFormed else { return nil }
        var value = JSONValue.object(attributes)
        for part in text.split(separator: ".", omittingEmptySubsequences: false) {
            guard let inner = value[ExactString(String(part))] else { return nil }
            value = inner
        }
        return value
    }

    private static func escaped(_ text: ExactString) -> [UInt8] {
        var bytes: [UInt8] = []
        JSONWriter.string(text, into: &bytes)
        return Array(bytes.dropFirst().dropLast())
    }
}
