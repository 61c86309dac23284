import JSON
package import NIOCore

/// Compares two documents setting by setting.
///
/// The order of members and the spelling of numbers don't count. Where both documents keep their settings in a member
/// `features`, as GrowthBook's do, those are compared. CPU work: tens of milliseconds for documents of 1.5 MB.
package enum ShadowComparison {
    /// A longer name is cut, bytes.
    static let nameBytesMax = 200

    package static func compare(_ live: ByteBuffer, _ shadow: ByteBuffer) -> ShadowVerdict {
        if live == shadow { return .equal }
        guard let left = settings(live), let right = settings(shadow) else { return .notComparable }
        let (ours, theirs) = (left["features"]?.object, right["features"]?.object)
        return if let ours, let theirs { compare(ours, theirs) } else { compare(left, right) }
    }

    private static func compare(_ left: JSONObject, _ right: JSONObject) -> ShadowVerdict {
        var names: [String] = []
        for member in left.members where right[member.key] != member.value { names.append(name(member.key)) }
        for member in right.members where left[member.key] == nil { names.append(name(member.key)) }
        return names.isEmpty ? .equal : .differing(names)
    }

    private static func settings(_ document: ByteBuffer) -> JSONObject? {
        // What cannot be read cannot be compared; why does not matter here.
        let value = try? JSONParser().value(from: Array(document.readableBytesView))
        return value?.object
    }

    private static func name(_ key: ExactString) -> String {
        let text = key.text
        return text.utf8.count <= nameBytesMax ? text : String(decoding: text.utf8.prefix(nameBytesMax), as: UTF8.self)
    }
}
