import Originals

extension SourceFacts {
    /// The names of the directives in the source's `Cache-Control`, in lower case and without their values.
    var cacheDirectives: Set<String> {
        let directives = (cacheControl ?? "").lowercased().split(separator: ",")
        return Set(directives.map { String($0.prefix { $0 != "=" }.filter { $0 != " " && $0 != "\t" }) })
    }
}
