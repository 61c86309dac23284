/// One step of a compiled expression.
///
/// Steps that read a unit go on to the next instruction; `isBack` reads the unit
/// before the position and steps back.
enum PatternInstruction: Sendable {
    case unit(UInt16, isBack: Bool)
    case any(isBack: Bool)
    case set(UnitSet, isBack: Bool)
    /// Tries one way, and the other when that fails; `memo` numbers these.
    case split(first: Int32, second: Int32, memo: Int32)
    case jump(Int32)
    case start
    case end
    case boundary(Bool)
    /// The body follows, up to its `done`; then it goes on at `end`.
    case look(number: Int32, end: Int32, isNegative: Bool)
    case save(Int32)
    case reset(first: Int32, last: Int32)
    /// Remembers the position at which a turn starts.
    case mark(Int32)
    /// Fails when a turn read nothing.
    case check(Int32)
    case back(Int32, isBack: Bool)
    case done
}
