/// The questions by which a setting's choice is told, and what is known about each.
///
/// A choice is a number from 0, mostly 0: "is it more than 0?", "more than 1?" … up to `unaryMax`, then plain bits.
/// Settings with equally many lines are alike; for the first question it also matters what the setting before said.
struct ChoiceModels: Sendable {
    static let unaryMax = 12
    private static let kindsMax = 12

    private var models = [ChoiceModel](repeating: ChoiceModel(), count: (kindsMax + 1) * (unaryMax + 2))
    private var wasZero = true

    /// Codes one choice: `code` answers (or tells) one question, `plain` a number of undecided bits.
    ///
    /// - Returns: the choice, at most `choicesMax`; `nil` when what was decoded is more.
    @inline(__always)
    mutating func code(
        _ choicesMax: Int,
        question: (_ index: Int, _ model: inout ChoiceModel) -> Bool,
        rest: () -> Int
    ) -> Int? {
        let kind = min(choicesMax, Self.kindsMax) * (Self.unaryMax + 2)
        var choice = 0
        while choice < choicesMax {
            if choice == Self.unaryMax {
                choice += rest()
                break
            }
            let place = choice == 0 ? (wasZero ? 0 : 1) : choice + 1
            guard question(choice, &models[kind + place]) else { break }
            choice += 1
        }
        wasZero = choice == 0
        return choice <= choicesMax ? choice : nil
    }
}
