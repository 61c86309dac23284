/// The answer to an SDK that leaves evaluation to the server (`POST /api/eval`).
///
/// Every setting with its value as `defaultValue`, falsy ones too. Experiments come as `tracks`, with the name, the
/// phase and the chosen variation of each: no condition, weight, range or seed, and no other variation's value.
package struct RemoteEvaluation: Sendable {
    package init(_ evaluated: Evaluated)

    /// `{"features":{…},"experiments":[]}`.
    package func bytes() -> [UInt8]
}
