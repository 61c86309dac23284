package import HTTPTypes

extension CacheIdentity {
    /// Whether a request has been at this node before, or at too many of this product's (RFC 8586, RFC 9110 section
    /// 7.6.3): it is then answered 508 and not forwarded.
    package func isLooping(_ fields: HTTPFields) -> Bool {
        var passes = 0
        for member in FieldList.members(of: fields[values: .cdnLoop]) {
            let parts = member.split(separator: ";", omittingEmptySubsequences: false).map {
                Substring(FieldList.trimmed($0.utf8))
            }
            guard parts[0].lowercased() == product.lowercased() else { continue }
            passes += 1
            if parts.dropFirst().contains(where: { $0 == "node=\"\(node)\"" || $0 == "node=\(node)" }) { return true }
        }
        if passes >= passesMax { return true }
        return FieldList.members(of: fields[values: .via]).contains { member in
            let words = member.split(whereSeparator: { $0 == " " || $0 == "\t" })
            return words.count > 1 && words[1].lowercased() == pseudonym.lowercased()
        }
    }
}
