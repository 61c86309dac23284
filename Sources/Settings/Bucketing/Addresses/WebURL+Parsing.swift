package import JSON

extension WebURL {
    /// Reads an address; `nil` for what browsers refuse.
    ///
    /// A base completes an address without a scheme.
    package init?(_ text: ExactString, relativeTo base: WebURL? = nil) {
        var rest = Self.cleaned(text.text)
        let fragment = Self.cut(&rest, at: "#").map { PercentEncoding.encoded($0, PercentEncoding.fragment) }
        var scheme = Self.scheme(&rest)
        let rawQuery = Self.cut(&rest, at: "?")
        let isSpecial = Self.isSpecial(scheme ?? base?.scheme ?? "")
        let query = rawQuery.map {
            PercentEncoding.encoded($0, isSpecial ? PercentEncoding.specialQuery : PercentEncoding.query)
        }
        let startsAuthority = rest.prefix(2).count == 2 && rest.prefix(2).allSatisfy { Self.isSlash($0, isSpecial) }
        if let given = scheme, let base, isSpecial, given == base.scheme, !startsAuthority { scheme = nil }
        if let scheme {
            self.init(scheme: scheme, rest, query: query, fragment: fragment)
            return
        }
        guard let base else { return nil }
        if startsAuthority {
            self.init(scheme: base.scheme, rest, query: query, fragment: fragment)
            return
        }
        let path: String
        if rest.isEmpty {
            path = base.path
        } else if let first = rest.first, Self.isSlash(first, isSpecial) {
            path = Self.normalised(rest.dropFirst(), isSpecial, after: [])
        } else {
            let kept = base.path.unicodeScalars.split(separator: "/", omittingEmptySubsequences: false)
            path = Self.normalised(rest[...], isSpecial, after: kept.dropFirst().dropLast().map { String($0) })
        }
        self.init(
            scheme: base.scheme,
            username: base.username,
            password: base.password,
            host: base.host,
            port: base.port,
            path: path,
            query: query ?? (rest.isEmpty ? base.query : nil),
            fragment: fragment
        )
    }

    /// What follows `scheme:`.
    private init?(scheme: String, _ rest: String.UnicodeScalarView, query: String?, fragment: String?) {
        let isSpecial = Self.isSpecial(scheme)
        let slashes = rest.prefix { Self.isSlash($0, isSpecial) }.count
        guard isSpecial || slashes >= 2 else {
            let path =
                slashes == 1
                ? Self.normalised(rest.dropFirst(), false, after: [])
                : PercentEncoding.encoded(String(rest), PercentEncoding.control)
            self.init(
                scheme: scheme,
                username: "",
                password: "",
                host: nil,
                port: nil,
                path: path,
                query: query,
                fragment: fragment
            )
            return
        }
        let skipped = scheme == "file" || !isSpecial ? min(slashes, 2) : slashes
        let after = rest.dropFirst(skipped)
        var authority = after.prefix { !Self.isSlash($0, isSpecial) }
        let tail = after[authority.endIndex...]
        if scheme == "file", skipped < 2 { authority = authority.prefix(0) }
        var username = ""
        var password = ""
        if let at = authority.lastIndex(of: "@") {
            let user = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            username = PercentEncoding.encoded(String(user[0]), PercentEncoding.userInfo)
            if user.count > 1 { password = PercentEncoding.encoded(String(user[1]), PercentEncoding.userInfo) }
            authority = authority[authority.index(after: at)...]
        }
        var port: UInt16?
        if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") {
            let digits = authority[authority.index(after: colon)...]
            guard digits.allSatisfy({ $0.value >= 0x30 && $0.value <= 0x39 }) else { return nil }
            if !digits.isEmpty {
                guard let number = UInt16(String(digits)) else { return nil }
                port = number == Self.defaultPorts[scheme] ? nil : number
            }
            authority = authority[..<colon]
        }
        if authority.isEmpty, isSpecial, scheme != "file" { return nil }
        guard let host = WebHost.serialised(String(authority), isSpecial: isSpecial && scheme != "file") else {
            return nil
        }
        let path =
            tail.isEmpty ? (isSpecial ? "/" : "") : Self.normalised(tail.dropFirst(), isSpecial, after: [])
        self.init(
            scheme: scheme,
            username: username,
            password: password,
            host: host,
            port: port,
            path: path,
            query: query,
            fragment: fragment
        )
    }

    private static func isSlash(_ scalar: Unicode.Scalar, _ isSpecial: Bool) -> Bool {
        scalar == "/" || (isSpecial && scalar == "\\")
    }

    /// Without controls and spaces at the ends, and without tabs and line ends anywhere.
    private static func cleaned(_ text: String) -> String.UnicodeScalarView {
        var scalars = text.unicodeScalars[...]
        while let first = scalars.first, first.value <= 0x20 { scalars.removeFirst() }
        while let last = scalars.last, last.value <= 0x20 { scalars.removeLast() }
        var kept = String.UnicodeScalarView()
        for scalar in scalars where scalar != "\t" && scalar != "\n" && scalar != "\r" { kept.append(scalar) }
        return kept
    }

    /// Takes what follows a mark off the end.
    private static func cut(_ text: inout String.UnicodeScalarView, at mark: Unicode.Scalar) -> String? {
        guard let index = text.firstIndex(of: mark) else { return nil }
        let after = String(text[text.index(after: index)...])
        text = String.UnicodeScalarView(text[..<index])
        return after
    }

    /// Takes `scheme:` off the front.
    private static func scheme(_ text: inout String.UnicodeScalarView) -> String? {
        guard let colon = text.firstIndex(of: ":"), let first = text.first,
            first.properties.isASCIIHexDigit
                || (first.isASCII && first.properties.isAlphabetic), !("0"..."9").contains(first)
        else { return nil }
        let name = text[..<colon]
        let isName = name.allSatisfy {
            $0.isASCII
                && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "+" || $0 == "-" || $0 == ".")
        }
        guard isName else { return nil }
        let scheme = String(name).lowercased()
        text = String.UnicodeScalarView(text[text.index(after: colon)...])
        return scheme
    }

    /// A path's segments without `.` and `..`, encoded.
    private static func normalised(
        _ text: String.UnicodeScalarView.SubSequence,
        _ isSpecial: Bool,
        after kept: [String]
    ) -> String {
        var segments = kept
        let parts = text.split(omittingEmptySubsequences: false) { isSlash($0, isSpecial) }
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            switch String(part).lowercased().replacing("%2e", with: ".") {
            case ".": if isLast { segments.append("") }
            case "..":
                _ = segments.popLast()
                if isLast { segments.append("") }
            default: segments.append(PercentEncoding.encoded(String(part), PercentEncoding.path))
            }
        }
        return "/" + segments.joined(separator: "/")
    }
}
