import CLibPQ

/// A PostgreSQL database's URL, as libpq reads it (PostgreSQL's manual, 34.1.1.2).
///
/// What is not in it is taken from the environment, as PostgreSQL's own programs do. With `sslmode=verify-full` the
/// server is checked; `target_session_attrs=read-write` finds the primary among several hosts.
package struct PostgresAddress: Hashable, Sendable {
    let url: SecretText
    /// What must not be in any text: passwords, and the URL as it was written.
    private let secrets: [SecretText]
    /// The URL with `***` in the place of a password and without its options.
    package let description: String

    /// - Throws: `badLocation` for what libpq cannot read; the reason has nothing of the text.
    package init(_ text: String) throws(LedgerError) {
        guard !text.utf8.contains(0) else { throw .badLocation(reason: "it has a zero byte") }
        guard let options = Self.options(of: text) else {
            throw .badLocation(reason: "libpq cannot read this URL of a PostgreSQL database")
        }
        url = SecretText(text)
        secrets = (["password", "sslpassword"].compactMap { options[$0] } + [text]).filter { !$0.isEmpty }
            .map(SecretText.init)
        let user = options["user"].map { $0 + (options["password"] == nil ? "" : ":***") + "@" } ?? ""
        let host = (options["host"] ?? "") + (options["port"].map { ":" + $0 } ?? "")
        description = "postgres://\(user)\(host)/\(options["dbname"] ?? "")"
    }

    /// A text without the secrets.
    func masked(_ text: String) -> String {
        var text = text
        for secret in secrets where text.contains(secret.value) {
            text = text.split(separator: secret.value, omittingEmptySubsequences: false).joined(separator: "***")
        }
        return text
    }

    /// What the URL says, by libpq's names; `nil` if it cannot be read.
    private static func options(of text: String) -> [String: String]? {
        // SAFETY: libpq gives an array that ends with an option without a keyword; its texts end with a zero byte and
        // live until it is freed, which is after they were copied.
        guard let first = unsafe PQconninfoParse(text, nil) else { return nil }
        // SAFETY: as above.
        defer { unsafe PQconninfoFree(first) }
        var options: [String: String] = [:]
        var index = 0
        // SAFETY: as above.
        while let keyword = unsafe first[index].keyword {
            // SAFETY: as above.
            if let value = unsafe first[index].val {
                // SAFETY: as above.
                unsafe options[String(cString: keyword)] = String(cString: value)
            }
            index += 1
        }
        return options
    }
}

extension PostgresAddress: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["url": description]) }
}
