/// Why a case has no output.
struct ConformanceSkip: Error {
    let reason: String
}
