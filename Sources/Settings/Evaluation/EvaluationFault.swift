/// Why a setting could not be evaluated: the reference SDK would have thrown.
///
/// Validation refuses such settings; one that gets through costs itself its rules, not the document.
package enum EvaluationFault: Error, Equatable, Sendable {
    /// A field of a rule has a type that the reference cannot work with.
    case malformedRule
    /// Prerequisites nested deeper, or evaluated more often, than we allow.
    case tooMuchWork
}
