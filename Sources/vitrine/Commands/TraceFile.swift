import Glibc

/// Reads a file in pieces, unpacked by `xz`, `zstd` or `gzip` if its name says that it is packed.
///
/// The program gets the open file as standard input, never its name.
enum TraceFile {
    private static let pieceLength = 1 << 18

    /// Passes the file's bytes on, in order; `-` is standard input.
    ///
    /// - Throws: `CommandFailure` if the file cannot be read or unpacked, and what `body` throws.
    static func read(_ path: String, body: ([UInt8]) throws -> Void) throws {
        guard path != "-" else { return try pieces(of: STDIN_FILENO, path, body) }
        // SAFETY: the string lives for the duration of the call, which keeps no pointer.
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw CommandFailure(message: "cannot read \(path): \(reason(errno))") }
        defer { close(file) }
        let programs = [".xz": "xz", ".zst": "zstd", ".gz": "gzip"]
        guard let program = programs.first(where: { path.hasSuffix($0.key) })?.value else {
            return try pieces(of: file, path, body)
        }
        let (child, output) = try start(program, input: file)
        let outcome = Result { try pieces(of: output, path, body) }
        // Before waiting, so that a child with more to say ends, too.
        close(output)
        var status: Int32 = 0
        // SAFETY: the kernel writes the status during the call.
        while unsafe waitpid(child, &status, 0) < 0 && errno == EINTR {}
        try outcome.get()
        guard status == 0 else { throw CommandFailure(message: "\(program) cannot unpack \(path)") }
    }

    private static func pieces(of file: Int32, _ path: String, _ body: ([UInt8]) throws -> Void) throws {
        while true {
            var failure: Int32 = 0
            // SAFETY: read() writes at most the buffer's length, and what it wrote is what the array takes over.
            let piece = unsafe [UInt8](unsafeUninitializedCapacity: pieceLength) { buffer, count in
                var length = -1
                repeat {
                    length = unsafe Glibc.read(file, buffer.baseAddress, buffer.count)
                } while length < 0 && errno == EINTR
                if length < 0 { failure = errno }
                count = max(0, length)
            }
            guard failure == 0 else { throw CommandFailure(message: "cannot read \(path): \(reason(failure))") }
            if piece.isEmpty { return }
            try body(piece)
        }
    }

    /// Starts a program that unpacks its standard input; its process and the end of the pipe that it writes to.
    private static func start(_ program: String, input: Int32) throws -> (child: pid_t, output: Int32) {
        var ends: [Int32] = [-1, -1]
        // SAFETY: the kernel writes two descriptors into the array during the call.
        guard unsafe pipe(&ends) == 0 else {
            throw CommandFailure(message: "cannot start \(program): \(reason(errno))")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[1]) }
        // SAFETY: the structure is initialised first, used by this function alone, and destroyed at the end.
        var actions = unsafe posix_spawn_file_actions_t()
        // SAFETY: as above.
        unsafe posix_spawn_file_actions_init(&actions)
        // SAFETY: as above.
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        // SAFETY: as above.
        unsafe posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        // SAFETY: as above.
        unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        // SAFETY: strdup's copies are freed below, after the call that reads them.
        var arguments = unsafe [strdup(program), strdup("-dc"), nil]
        defer {
            // SAFETY: as above.
            for index in unsafe arguments.indices { unsafe free(arguments[index]) }
        }
        var child: pid_t = 0
        // SAFETY: all pointers are good for the duration of the call, which keeps none of them.
        let failure = unsafe posix_spawnp(&child, program, &actions, nil, &arguments, environ)
        guard failure == 0 else {
            close(ends[0])
            throw CommandFailure(message: "cannot start \(program), which unpacks the trace: \(reason(failure))")
        }
        return (child, ends[0])
    }

    private static func reason(_ number: Int32) -> String {
        // SAFETY: strerror returns a string that is copied before any other call.
        unsafe String(cString: strerror(number))
    }
}
