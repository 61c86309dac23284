/// What `putIfAbsent` found.
package enum PutOutcome: Hashable, Sendable {
    /// There was no such object; now there is, whole.
    case created
    /// There is an object of that key already, and it was left as it is.
    case existed
}
