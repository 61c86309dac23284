package import HTTPTypes

/// A request field that selects among the answers of one URL, and how the hit path compares it.
package struct SelectingField: Hashable, Sendable {
    package let name: HTTPField.Name
    /// The name in lower case, for comparing with received bytes.
    let lowercased: [UInt8]

    package init(_ name: HTTPField.Name) {
        self.name = name
        lowercased = Array(name.canonicalName.utf8)
    }

    /// The raw values of the selecting fields: each line ended by a comma, each field by a line feed.
    static func selector(_ selecting: [SelectingField], in fields: HTTPFields) -> [UInt8] {
        var bytes: [UInt8] = []
        for field in selecting {
            for line in fields[fields: field.name] {
                // SAFETY: the bytes are copied inside the closure.
                unsafe line.withUnsafeBytesOfValue { value in
                    for index in 0..<value.count { unsafe bytes.append(value[index]) }
                }
                bytes.append(UInt8(ascii: ","))
            }
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }
}
