/// A user is in an experiment, in indices.
struct FoundAssignment: Sendable {
    let feature: Int32
    let rule: Int32
    let run: ExperimentRun
}
