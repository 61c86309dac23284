/// A program to run: where it is, what it is told, and where it starts.
package struct ToolCommand: Sendable, Equatable {
    /// An absolute path.
    package var executable: String
    /// Without the program's own name.
    package var arguments: [String]
    /// All of the program's environment: nothing is inherited.
    package var environment: [String: String]
    /// Where it starts; `nil` for where this process is.
    package var folder: String?

    package init(
        _ executable: String,
        _ arguments: [String],
        environment: [String: String],
        folder: String? = nil
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.folder = folder
    }
}
