/// What is wrong with the settings, all of it at once.
struct ConfigurationError: Error, CustomStringConvertible {
    var problems: [String]

    var description: String { problems.joined(separator: "\n") }
}
