/// One call of the project's program: which Python, which copy of the project, and what to do.
package struct ProjectCall: Sendable {
    /// Which engine builds the tables.
    package enum Engine: String, CaseIterable, Sendable {
        case duckdb
        case spark
    }

    package var python: String
    /// The project's folder.
    package var project: String
    /// `DATA/usage/warehouse`.
    package var root: String

    package init(python: String, project: String, root: String) {
        self.python = python
        self.project = project
        self.root = root
    }

    /// The command for one subcommand with its arguments; `variables` is this process's environment.
    package func command(_ name: String, _ arguments: [String], variables: [String: String]) -> ToolCommand {
        // Started in the project's folder, which is where Python then looks for its modules first.
        ToolCommand(
            python,
            ["-m", "vitrine_warehouse", name, "--root", root, "--project", project] + arguments,
            environment: Interpreter.variables(from: variables),
            folder: project
        )
    }
}
