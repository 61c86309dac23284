/// What a server process can be; today's roles, more come with the modules that fill them.
enum Role: String, CaseIterable, Sendable {
    /// The cache near the viewer.
    case edge
    /// Uploads, originals, renditions.
    case origin
    /// The page for people.
    case console
    /// Usage events in, segments out.
    case collector

    static func read(_ reader: inout ParameterReader) -> Set<Role> {
        let names = reader.list("roles")
        if names.isEmpty || names == ["all"] { return Set(allCases) }
        var roles: Set<Role> = []
        for name in names {
            if let role = Role(rawValue: name) {
                roles.insert(role)
            } else {
                let known = allCases.map(\.rawValue).joined(separator: ", ")
                reader.complain("roles", "names \"\(name)\"; known are all, \(known)")
            }
        }
        if roles.contains(.console), roles.isDisjoint(with: [.edge, .origin]) {
            reader.complain(
                "roles",
                "name the console without the origin or the edge, one of which it needs in the same process"
            )
        }
        return roles
    }
}
