/// The steps between which a process may end without harm.
package enum LedgerStage: String, Hashable, Sendable, CaseIterable {
    // Of taking an export in:
    case enqueueBegan
    case batchStored
    case exportRecorded
    case enqueueCommitted
    // Of applying a batch:
    case claimed
    case applied
    case removed
    case unloadCommitted
}
