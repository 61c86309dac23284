import Glibc

/// One worker process as the driver's thread sees it: its descriptors, what is being sent and what has arrived.
final class WorkerProcess {
    enum Input {
        case frame(FrameAssembler.Frame)
        /// End of the stream, or a broken protocol.
        case lost(String)
    }

    let id: WorkerID
    let process: ChildProcess
    /// The job that the worker was given and has not answered.
    var job: JobID?
    var isReady = false
    /// Told to leave, or killed by the pool.
    var isExpectedToEnd = false
    /// Why it was given up, unless that was expected.
    var lossReason: String?
    /// `nil` once closed by either side.
    private(set) var channel: Channel?
    private(set) var standardError: OwnedDescriptor?
    private var outgoing: ArraySlice<UInt8> = []
    private var attached: [SharedBytes] = []
    private var assembler: FrameAssembler
    private var lines = LineCollector()

    /// Reads from one worker in one turn, so that a large result does not hold up the others.
    private static let readsPerTurn = 8

    init(id: WorkerID, configuration: RenderPoolConfiguration) throws(SystemError) {
        let (ours, theirs) = try Channel.pair()
        let (errors, errorsIn) = try Channel.pipe()
        let nothing = try OwnedDescriptor(opening: "/dev/null", flags: O_RDWR)
        var environment = configuration.command.environment
        // SAFETY: the environment is not changed while the server runs.
        if let path = unsafe getenv("LD_LIBRARY_PATH") {
            // SAFETY: as above.
            unsafe environment["LD_LIBRARY_PATH"] = String(cString: path)
        }
        process = try ChildProcess(
            executable: configuration.command.executable,
            arguments: configuration.command.arguments,
            environment: environment,
            descriptors: [nothing, nothing, errorsIn, theirs.descriptor]
        )
        self.id = id
        channel = ours
        standardError = errors
        assembler = FrameAssembler(
            limits: FrameLimits(headerMax: 64 << 10, bodyMax: configuration.resultBytesMax)
        )
    }

    var isSending: Bool { !outgoing.isEmpty }

    /// Begins to send a frame; the descriptors of `sources` go with its first byte.
    func send(_ frame: [UInt8], attaching sources: [SharedBytes] = []) throws(SystemError) {
        outgoing = frame[...]
        attached = sources
        try continueSending()
    }

    func continueSending() throws(SystemError) {
        guard let channel else { return }
        while !outgoing.isEmpty {
            let sent = try channel.send(outgoing, attaching: attached.map(\.descriptor.number))
            guard sent > 0 else { return }
            outgoing = outgoing.dropFirst(sent)
            attached = []
        }
    }

    /// Reads what has arrived.
    func receive(using scratch: inout [UInt8]) -> [Input] {
        var inputs: [Input] = []
        do {
            for _ in 0..<Self.readsPerTurn {
                guard let channel, let count = try channel.receive(into: &scratch, capacity: scratch.count) else {
                    break
                }
                guard count > 0 else { return inputs + [.lost("closed its channel")] }
                inputs += try assembler.append(scratch[..<count]).map(Input.frame)
            }
        } catch let error as FrameError {
            return inputs + [.lost("broke the protocol (\(error))")]
        } catch {
            return inputs + [.lost("could not be read (\(error))")]
        }
        return inputs
    }

    /// What the worker says on its standard error, line by line.
    func receiveLines(using scratch: inout [UInt8]) -> [String] {
        guard let standardError else { return [] }
        do {
            guard let count = try standardError.read(into: &scratch, capacity: scratch.count) else { return [] }
            if count > 0 { return lines.append(scratch[..<count]) }
        } catch {
            // Unreadable is as good as closed.
        }
        self.standardError = nil
        return lines.finish().map { [$0] } ?? []
    }

    /// Ends the conversation; a well-behaved worker then leaves.
    func close() {
        channel = nil
        outgoing = []
        attached = []
    }
}
