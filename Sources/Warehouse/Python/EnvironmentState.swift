/// What is found at an environment's place.
enum EnvironmentState: Equatable {
    case whole
    case absent
    /// Something that has to be made anew, and why.
    case broken(String)

    /// Judges what was found.
    ///
    /// `mark` is what the mark's file says, `nil` without a readable one. `interpreter` is the version that the
    /// environment's own Python says it has, `nil` if it does not run.
    static func judge(
        exists: Bool,
        mark: EnvironmentMark?,
        requirements: String,
        folder: String,
        interpreter: String?
    ) -> EnvironmentState {
        guard exists else { return .absent }
        guard let mark, mark.version == 1 else { return .broken("its making was cut off") }
        guard mark.requirements == requirements else { return .broken("it was made from another list of packages") }
        guard mark.folder == folder else { return .broken("it was made at \(mark.folder)") }
        guard let interpreter else { return .broken("its Python does not run") }
        guard series(interpreter) == series(mark.python) else {
            return .broken("it was made for Python \(mark.python), and Python is \(interpreter) now")
        }
        return .whole
    }

    /// `3.11` of `3.11.7`.
    private static func series(_ version: String) -> [Substring] {
        Array(version.split(separator: ".").prefix(2))
    }
}
