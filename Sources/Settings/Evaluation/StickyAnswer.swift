/// What the stored assignments say about an experiment.
enum StickyAnswer {
    case none
    case found(Int32)
    /// The user had a bucket version that no longer counts.
    case blocked
}
