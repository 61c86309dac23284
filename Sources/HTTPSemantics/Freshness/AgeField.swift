package import HTTPTypes

/// The `Age` field (RFC 9111 section 5.1).
package enum AgeField {
    /// Seconds: the first member of the first line; `nil` if it is absent or not a non-negative integer.
    ///
    /// Further members and lines are ignored, as section 5.1 says for a list.
    package static func seconds(in fields: HTTPFields) -> Int64? {
        guard let line = fields[values: .age].first else { return nil }
        let end = line.firstIndex(of: ",") ?? line.endIndex
        return DeltaSeconds.parse(Substring(FieldList.trimmed(line[..<end].utf8)))
    }
}
