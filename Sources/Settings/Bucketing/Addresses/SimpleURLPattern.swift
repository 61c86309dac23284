import JSON

/// An address with `*` as the wildcard: host, path, the query parameters that it names, and the fragment if it has one.
struct SimpleURLPattern: Sendable {
    private static let wildcard = "_____"

    private let host: Pattern?
    private let path: Pattern?
    private let fragment: Pattern?
    private let hasFragment: Bool
    private let parameters: [(name: String, value: Pattern?)]

    /// `nil` for what is no address.
    init?(_ source: ExactString) {
        let text = Self.withScheme(source.text).replacing("*", with: Self.wildcard)
        guard let expected = WebURL(ExactString(text), relativeTo: WebURL(ExactString("https://_____"))) else {
            return nil
        }
        host = Self.part(expected.hostAndPort, isPath: false)
        path = Self.part(expected.path, isPath: true)
        hasFragment = !expected.hash.isEmpty
        fragment = Self.part(expected.hash, isPath: false)
        parameters = expected.parameters.map { ($0.name, Self.part($0.value, isPath: false)) }
    }

    func matches(_ url: WebURL) -> Bool {
        guard Self.matches(host, url.hostAndPort), Self.matches(path, url.path) else { return false }
        if hasFragment, !Self.matches(fragment, url.hash) { return false }
        let given = url.parameters
        return parameters.allSatisfy { wanted in
            Self.matches(wanted.value, given.first { $0.name.utf8.elementsEqual(wanted.name.utf8) }?.value ?? "")
        }
    }

    private static func matches(_ pattern: Pattern?, _ text: String) -> Bool {
        pattern?.matches(ExactString(text)) ?? false
    }

    /// Puts `https://` before what starts with a host: no `:`, `/` or `?` before its last dot.
    private static func withScheme(_ text: String) -> String {
        let start = text.unicodeScalars.prefix { $0 != ":" && $0 != "/" && $0 != "?" }
        return start.contains(".") ? "https://" + text : text
    }

    /// One part as a regular expression; a path's outer slashes do not matter.
    private static func part(_ text: String, isPath: Bool) -> Pattern? {
        var escaped = ""
        for scalar in text.unicodeScalars {
            if "*.+?^${}()|[]\\".unicodeScalars.contains(scalar) { escaped.unicodeScalars.append("\\") }
            escaped.unicodeScalars.append(scalar)
        }
        escaped = escaped.replacing(wildcard, with: ".*")
        if isPath {
            if escaped.hasPrefix("/") { escaped.removeFirst() }
            if escaped.hasSuffix("/") { escaped.removeLast() }
            escaped = "\\/?" + escaped + "\\/?"
        }
        do throws(PatternError) {
            return try Pattern(javaScript: ExactString("^" + escaped + "$"), ignoringCase: true)
        } catch {
            // A part that makes no expression matches nothing, as in the reference.
            return nil
        }
    }
}
