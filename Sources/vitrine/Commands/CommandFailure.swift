/// A command that did not do what was asked: a text for standard error and an exit code.
struct CommandFailure: Error {
    var message: String
    /// 1 for work that failed, 64 for a call that is wrong (sysexits.h, EX_USAGE).
    var exitCode: Int32 = 1
}
