import JSON
import Synchronization

/// The rules of a release for one audience, and the pieces that their candidates stand for.
final class ReleaseView: Sendable {
    /// Scratch memory is kept for this many requests at once.
    private static let scratchesMax = 16

    let tables: RuleTables
    /// For each of the tables' ruled settings its place among the dynamic ones.
    let places: [Int32]
    /// Where each ruled setting's candidates begin in `candidatePieces`.
    let firstCandidates: [Int32]
    /// For each candidate its piece.
    let candidatePieces: [UInt32]
    private let scratches = Mutex<[EvaluationScratch]>([])

    /// - Throws: `ReleaseError.damaged` when rules and shapes contradict each other.
    init(_ document: FeaturesDocument, outline: ReleaseOutline, table: PieceTable) throws(ReleaseError) {
        tables = RuleTables(document)
        var dynamicPlaces = [Int32](repeating: -1, count: outline.shapes.count)
        for (place, setting) in outline.dynamic.enumerated() { dynamicPlaces[setting] = Int32(place) }
        var places: [Int32] = []
        var firstCandidates: [Int32] = []
        var candidatePieces: [UInt32] = []
        for setting in tables.ruled {
            guard outline.shapes[setting].isRuled else { throw .damaged(.metadata, "shapes") }
            places.append(dynamicPlaces[setting])
            firstCandidates.append(Int32(candidatePieces.count))
            for candidate in document.candidates(of: setting) {
                candidatePieces.append(UInt32(try Self.piece(candidate, setting, outline, table)))
            }
        }
        self.places = places
        self.firstCandidates = firstCandidates
        self.candidatePieces = candidatePieces
    }

    /// The piece of a candidate: of its line, or the setting's `null`.
    static func piece(
        _ candidate: ValueID,
        _ setting: Int,
        _ outline: ReleaseOutline,
        _ table: PieceTable
    ) throws(ReleaseError) -> Int {
        if candidate.isMissing { return table.nullPiece(setting) }
        let line = Int(candidate.index) - outline.firstLines[setting]
        guard line >= 0, line < outline.shapes[setting].lines else { throw .damaged(.metadata, "a line's number") }
        return table.firstPieces[setting] + line
    }

    func takeScratch() -> EvaluationScratch {
        scratches.withLock { $0.popLast() } ?? EvaluationScratch()
    }

    func giveBack(_ scratch: consuming EvaluationScratch) {
        let scratch = scratch
        scratches.withLock { if $0.count < Self.scratchesMax { $0.append(scratch) } }
    }
}
