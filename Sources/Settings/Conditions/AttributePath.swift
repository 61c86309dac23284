import JSON

/// A dotted path into the attributes.
struct AttributePath: Sendable {
    let components: [ExactString]

    init(_ text: ExactString) {
        components = text.split(separator: UInt8(ascii: "."))
    }

    /// What is at the path, or `null`; arrays have their indices and `length`.
    func value(in root: JSONValue) -> JSONValue {
        var current = root
        for component in components {
            guard let next = Self.member(component, of: current) else { return .null }
            current = next
        }
        return current
    }

    /// What is at the path below the first component's value.
    func value(below first: JSONValue) -> JSONValue {
        var current = first
        for component in components.dropFirst() {
            guard let next = Self.member(component, of: current) else { return .null }
            current = next
        }
        return current
    }

    private static func member(_ key: ExactString, of value: JSONValue) -> JSONValue? {
        switch value {
        case .object(let object): return object[key]
        case .array(let elements):
            if let index = key.arrayIndex { return index < elements.count ? elements[Int(index)] : nil }
            return key == "length" ? .number(elements.count) : nil
        case .null, .bool, .number, .string: return nil
        }
    }
}
