package import HTTPTypes

extension CacheControl {
    /// Reads the lines of a `Cache-Control` field, in order.
    package init(values: [String]) {
        self.init()
        for value in values {
            for member in FieldList(value) { apply(member) }
        }
    }

    /// Reads the `Cache-Control` of a message.
    package init(fields: HTTPFields) { self.init(values: fields[values: .cacheControl]) }

    private mutating func apply(_ member: Substring) {
        let equals = member.firstIndex(of: "=")
        let name = member[..<(equals ?? member.endIndex)].lowercased()
        let argument = equals.map { member[member.index(after: $0)...] }
        apply(name: name, argument: argument)
    }

    /// Applies one directive; `argument` is what follows the equals sign, quotes included.
    private mutating func apply(name: String, argument: Substring?) {
        switch name {
        case "max-age": maxAge = Self.shorter(maxAge, Self.seconds(argument) ?? 0)
        case "s-maxage": sharedMaxAge = Self.shorter(sharedMaxAge, Self.seconds(argument) ?? 0)
        case "stale-while-revalidate":
            staleWhileRevalidate = Self.shorter(staleWhileRevalidate, Self.seconds(argument))
        case "stale-if-error": staleIfError = Self.shorter(staleIfError, Self.seconds(argument))
        case "min-fresh": minFresh = Self.seconds(argument) ?? minFresh
        case "max-stale": maxStale = argument == nil ? .max : Self.seconds(argument) ?? maxStale
        case "no-cache": restrict(.noCache, argument)
        case "private": restrict(.isPrivate, argument)
        default:
            if let flag = Self.plainFlags[name] { flags.insert(flag) }
        }
    }

    static let plainFlags: [String: Flags] = [
        "no-store": .noStore, "public": .isPublic, "must-revalidate": .mustRevalidate,
        "proxy-revalidate": .proxyRevalidate, "must-understand": .mustUnderstand, "no-transform": .noTransform,
        "only-if-cached": .onlyIfCached, "immutable": .immutable,
    ]

    /// Takes the named fields, or the whole response if the argument names none.
    private mutating func restrict(_ flag: Flags, _ argument: Substring?) {
        guard let argument else {
            flags.insert(flag)
            return
        }
        restrict(flag, toFieldsIn: Self.unquoted(argument))
    }

    /// Takes a list of field names; a list without any counts as the unqualified directive.
    mutating func restrict(_ flag: Flags, toFieldsIn list: String) {
        let members = FieldList(list).map { HTTPField.Name(String($0)) }
        if members.isEmpty || members.contains(nil) { flags.insert(flag) }
        restrictedFields += members.compactMap(\.self)
    }

    private static func shorter(_ known: Int64?, _ value: Int64?) -> Int64? {
        guard let known, let value else { return known ?? value }
        return min(known, value)
    }

    /// Digits, as a token or within quotes (RFC 9111 section 5.2: both forms are accepted).
    private static func seconds(_ argument: Substring?) -> Int64? {
        argument.flatMap { DeltaSeconds.parse(unquoted($0)) }
    }

    /// The text of a token or of a quoted string, whose backslashes are resolved (RFC 9110 section 5.6.4).
    static func unquoted(_ text: Substring) -> String {
        guard text.utf8.first == UInt8(ascii: "\""), text.utf8.count >= 2, text.utf8.last == UInt8(ascii: "\"")
        else { return String(text) }
        var result = ""
        var isEscaped = false
        for character in text.dropFirst().dropLast() {
            if character == "\\", !isEscaped {
                isEscaped = true
            } else {
                result.append(character)
                isEscaped = false
            }
        }
        return result
    }
}
