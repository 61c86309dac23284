/// The times of an animation.
struct Animation {
    /// Milliseconds for each frame.
    var delays: [Int32]
    /// How often it plays; 0 is for ever.
    var loop: Int32
}
