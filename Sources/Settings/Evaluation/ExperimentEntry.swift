/// Where an experiment's row stays: evaluation passes it on without copying it.
final class ExperimentEntry: Sendable {
    let row: ExperimentRow

    init(_ row: ExperimentRow) { self.row = row }
}
