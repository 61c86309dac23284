/// One submitted job; never used twice by a pool.
struct JobID: Hashable, Sendable {
    let number: UInt64
}
