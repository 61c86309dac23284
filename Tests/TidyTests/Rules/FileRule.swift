/// A rule that looks at one file at a time.
protocol FileRule: Sendable {
    func violations(in file: SourceFile) -> [Violation]
}
