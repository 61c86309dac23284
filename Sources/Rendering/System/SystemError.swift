import Glibc

/// A system call that failed.
package struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
    package let call: String
    /// `errno`.
    package let code: Int32

    package var description: String { "\(call): error \(code)" }

    /// Takes the result of a C function that answers with a negated `errno`.
    static func check<Value: SignedInteger>(_ result: Value, _ call: String) throws(SystemError) -> Value {
        guard result < 0 else { return result }
        throw SystemError(call: call, code: Int32(truncatingIfNeeded: -result))
    }

    /// Takes the result of a libc function that answers with −1 and sets `errno`.
    static func checkErrno<Value: SignedInteger>(_ result: Value, _ call: String) throws(SystemError) -> Value {
        guard result < 0 else { return result }
        throw SystemError(call: call, code: errno)
    }
}
