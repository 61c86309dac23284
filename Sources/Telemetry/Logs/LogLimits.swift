/// The bounds of one log line.
package struct LogLimits: Sendable {
    /// Bytes of a whole line with its newline.
    ///
    /// The default is Linux's `PIPE_BUF`: the kernel writes so much to a pipe in one piece, so lines of several
    /// processes (the server and its render workers) never mix.
    package var lineBytesMax = 4096
    /// Bytes of one string (a message, a metadata value) before it is cut.
    package var stringBytesMax = 2048
    /// How deep metadata may nest before the rest is replaced by an ellipsis.
    package var depthMax = 6

    package init() {}

    package init(lineBytesMax: Int, stringBytesMax: Int, depthMax: Int) {
        precondition(lineBytesMax >= Self.lineBytesMin, "a line needs room for its fixed fields")
        self.lineBytesMax = lineBytesMax
        self.stringBytesMax = stringBytesMax
        self.depthMax = depthMax
    }

    /// The smallest allowed line: time, level and the mark that says that the rest was cut.
    package static let lineBytesMin = 128
}
