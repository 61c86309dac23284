/// What has been learned about one kind of yes-or-no question: how often it was "no", in 1/4096.
///
/// It learns in big steps first, because a state has some thousand answers and many kinds of questions.
struct ChoiceModel: Sendable {
    private(set) var zero: UInt32 = 2048
    private var seen: UInt32 = 0

    @inline(__always)
    mutating func learn(_ bit: Bool) {
        let rate = min(seen + 1, 5)
        seen += 1
        if bit {
            zero -= (zero - 31) &>> rate
        } else {
            zero += (4096 - 31 - zero) &>> rate
        }
    }
}
