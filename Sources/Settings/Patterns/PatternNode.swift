/// A parsed regular expression.
indirect enum PatternNode {
    case unit(UInt16)
    /// Anything but the ends of lines.
    case any
    case set(UnitSet)
    case sequence([PatternNode])
    case alternatives([PatternNode])
    case capture(Int, PatternNode)
    /// - `captures`: the groups inside, undefined at the start of each turn.
    case repeated(PatternNode, min: Int, max: Int?, isGreedy: Bool, captures: Range<Int>)
    case start
    case end
    case boundary(Bool)
    case look(PatternNode, isAhead: Bool, isNegative: Bool)
    case back(Int)
}
