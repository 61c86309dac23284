/// One setting's evaluation with what it did on the way: prerequisites and holdouts are experiments, too.
package struct SingleOutcome: Sendable {
    package let outcome: FeatureOutcome
    /// The experiments that the user is in, the setting's own last.
    package let assignments: [ExperimentAssignment]
    /// Documents that have to be stored are marked; `nil` where the app keeps none.
    package let sticky: StickyDocuments?
}
