import HTTPTypes
import RawStructuredFieldValues

extension CacheControl {
    /// The longest targeted field that is read, in bytes; a longer one is ignored as if absent.
    static let targetedBytesMax = 8_192

    /// Reads a targeted field such as `CDN-Cache-Control`, a dictionary of structured fields (RFC 9213 section 2.1).
    ///
    /// Returns `nil` if the field is absent, empty, cannot be parsed or gives a directive a value of the wrong type:
    /// the field is then ignored and `Cache-Control` counts. Parameters are ignored.
    package init?(targeted values: [String]) {
        let text = values.joined(separator: ", ")
        guard !text.isEmpty, text.utf8.count <= Self.targetedBytesMax else { return nil }
        var parser = StructuredFieldValueParser(Array(text.utf8))
        // Whatever is wrong with the field, section 2.1 wants it ignored.
        guard let dictionary = try? parser.parseDictionaryFieldValue(), !dictionary.isEmpty else { return nil }
        self.init()
        for (name, member) in dictionary {
            guard case .item(let item) = member else {
                if Self.knows(name) { return nil }
                continue
            }
            guard apply(name: name, value: item.rfc9651BareItem) else { return nil }
        }
    }

    private static let lifetimes: Set<String> = ["max-age", "s-maxage", "stale-while-revalidate", "stale-if-error"]

    private static func knows(_ name: String) -> Bool {
        plainFlags[name] != nil || lifetimes.contains(name) || name == "no-cache" || name == "private"
    }

    /// Applies a directive that has this type of value; `false` if it is known and the type is wrong.
    private mutating func apply(name: String, value: RFC9651BareItem) -> Bool {
        switch (name, value) {
        case ("no-cache", .bool(let isSet)), ("private", .bool(let isSet)):
            if isSet { flags.insert(name == "no-cache" ? .noCache : .isPrivate) }
        case ("no-cache", .string(let list)), ("private", .string(let list)):
            restrict(name == "no-cache" ? .noCache : .isPrivate, toFieldsIn: list)
        case (_, .integer(let seconds)) where Self.lifetimes.contains(name):
            guard seconds >= 0 else { return false }
            setLifetime(name, min(seconds, DeltaSeconds.ceiling))
        case (_, .bool(let isSet)) where Self.plainFlags[name] != nil:
            if isSet, let flag = Self.plainFlags[name] { flags.insert(flag) }
        default: return !Self.knows(name)
        }
        return true
    }

    private mutating func setLifetime(_ name: String, _ seconds: Int64) {
        switch name {
        case "max-age": maxAge = seconds
        case "s-maxage": sharedMaxAge = seconds
        case "stale-while-revalidate": staleWhileRevalidate = seconds
        default: staleIfError = seconds
        }
    }
}
