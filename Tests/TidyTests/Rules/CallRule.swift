/// Calls that have one home or none.
///
/// - `print` is the binary's; `try!` is nobody's.
/// - `Task {}` and `Task.detached` need a comment that says who waits; `try?` needs one that says why.
/// - The time and chance come in from outside (`clock.now`, `using: &generator`); only `Sources/vitrine` takes them.
/// - Tests do not sleep.
struct CallRule: FileRule {
    func violations(in file: SourceFile) -> [Violation] {
        guard file.isSwift, file.isInSources || file.isInTests else { return [] }
        let isBinary = file.module == "vitrine"
        var found: [Violation] = []
        for index in file.tokens.indices {
            let line = file.tokens[index].line
            if let message = Self.anywhere(file, at: index) { found.append(Violation(file, line: line, message)) }
            if file.isInSources, !isBinary, let message = Self.outsideTheBinary(file.tokens, at: index) {
                found.append(Violation(file, line: line, message))
            }
            if file.isInTests, let message = Self.inTests(file.tokens, at: index) {
                found.append(Violation(file, line: line, message))
            }
        }
        return found
    }

    private static func anywhere(_ file: SourceFile, at index: Int) -> String? {
        let tokens = file.tokens
        switch tokens[index].text {
        case "try" where text(tokens, index + 1) == "!":
            return "try! crashes; throw, or say why it cannot happen with a precondition"
        case "try" where text(tokens, index + 1) == "?" && file.isInSources:
            return file.hasComment(near: tokens[index].line) ? nil : "try? without a comment that gives the reason"
        case "Task" where isDetachedOrUnstructured(tokens, index) && !file.hasComment(near: tokens[index].line):
            return "a task without a comment that says who waits for it"
        default: return nil
        }
    }

    private static func outsideTheBinary(_ tokens: [Token], at index: Int) -> String? {
        let previous = text(tokens, index - 1)
        switch tokens[index].text {
        case "print" where text(tokens, index + 1) == "(" && previous != "." && previous != "func":
            return "print( outside the binary; log instead"
        case "Date" where text(tokens, index + 1) == "(" && text(tokens, index + 2) == ")":
            return "Date() outside the binary; take the time from a clock that is passed in"
        case "now" where previous == "." && isStatic(tokens, beforeDot: index - 1):
            return ".now outside the binary; take the time from a clock that is passed in"
        case "random" where previous == "." && !hasGenerator(tokens, after: index),
            "randomElement" where previous == "." && !hasGenerator(tokens, after: index),
            "shuffled" where previous == "." && !hasGenerator(tokens, after: index),
            "shuffle" where previous == "." && !hasGenerator(tokens, after: index):
            return "chance without a generator that is passed in"
        default: return nil
        }
    }

    private static func inTests(_ tokens: [Token], at index: Int) -> String? {
        guard ["sleep", "usleep", "nanosleep"].contains(tokens[index].text), text(tokens, index + 1) == "(",
            text(tokens, index - 1) != "func"
        else { return nil }
        return "a test that sleeps; wait for a barrier, a counter or a manual clock"
    }

    private static func text(_ tokens: [Token], _ index: Int) -> String {
        tokens.indices.contains(index) ? tokens[index].text : ""
    }

    private static func isDetachedOrUnstructured(_ tokens: [Token], _ index: Int) -> Bool {
        text(tokens, index + 1) == "{" || (text(tokens, index + 1) == "." && text(tokens, index + 2) == "detached")
    }

    /// Whether `.now` is a type's (`Date.now`, `ContinuousClock().now`, `= .now`) and not a value's (`clock.now`).
    private static func isStatic(_ tokens: [Token], beforeDot dot: Int) -> Bool {
        guard dot > 0 else { return true }
        let before = tokens[dot - 1]
        if before.text == ")" { return text(tokens, dot - 2) == "(" }
        guard before.isWord else { return before.text != "]" && before.text != "?" && before.text != "!" }
        return before.text.first?.isUppercase == true || ["return", "in", "case", "else"].contains(before.text)
    }

    /// Whether the call's arguments have `using:`.
    private static func hasGenerator(_ tokens: [Token], after index: Int) -> Bool {
        guard text(tokens, index + 1) == "(" else { return true }
        var depth = 0
        for token in tokens[(index + 1)...] {
            if token.text == "(" { depth += 1 }
            if token.text == ")" { depth -= 1 }
            if token.text == "using" { return true }
            if depth == 0 { return false }
        }
        return false
    }
}
