import CProcess
import DeliveryTypes
import Glibc

/// Receives jobs, maps their sources, lets them be performed and sends the replies.
struct JobLoop {
    let setup: WorkerSetup
    var channel: WorkerChannel
    private var texts = JobTexts()

    init(setup: WorkerSetup, channel: WorkerChannel) {
        self.setup = setup
        self.channel = channel
    }

    /// How long a worker waits for the next job before it gives freed memory back.
    private static let idleTime: Duration = .milliseconds(20)
    /// Freed memory that a busy worker keeps for its next job, bytes.
    private static let slackMax = 48 << 20

    /// Returns when the pool has closed the channel.
    mutating func run(_ perform: RenderWorker.Perform) throws {
        while let arrival = try channel.receive(.job, as: JobOrder.self) {
            let order = arrival.message
            let job = try texts.read(arrival.body)
            texts.keep(job, for: arrival.body)
            let before = Self.processorTime()
            allowProcessorTime(after: before)
            var reply = JobReply(number: order.number, cpuMicroseconds: 0)
            var body: [UInt8] = []
            do throws(RenderFailure) {
                // SAFETY: `perform` is called with the mappings' bytes and returns before they end.
                let result = try unsafe performed(job, order, arrival.descriptors, perform)
                reply.head = result.head
                body = result.bytes
            } catch {
                reply.failure = error
            }
            reply.cpuMicroseconds = (Self.processorTime() - before).wholeMicroseconds
            reply.head?.cpuMicroseconds = reply.cpuMicroseconds
            try channel.send(.reply, reply, body: body)
            body = []
            if cprocess_heap_slack() > Self.slackMax || !channel.hasMessage(within: Self.idleTime) {
                cprocess_trim_heap()
            }
        }
    }

    private func performed(
        _ job: RenderJob,
        _ order: JobOrder,
        _ descriptors: [OwnedDescriptor],
        _ perform: RenderWorker.Perform
    ) throws(RenderFailure) -> RenderResult {
        guard descriptors.count == order.sources.count else {
            throw RenderFailure(.workerFault, "a source did not reach the worker")
        }
        var sources: [MappedBytes] = []
        do throws(SystemError) {
            for (descriptor, count) in zip(descriptors, order.sources) {
                sources.append(try MappedBytes(descriptor, count: count))
            }
        } catch {
            throw RenderFailure(.workerFault, "a source could not be mapped")
        }
        defer { withExtendedLifetime(sources) {} }
        // SAFETY: the buffers are used only inside this call, during which all mappings are alive.
        let result = try unsafe perform(job, sources.map { unsafe $0.bytes })
        guard result.bytes.count <= setup.resultBytesMax else {
            throw RenderFailure(.limitExceeded, "the result is larger than \(setup.resultBytesMax) bytes")
        }
        return result
    }

    /// A second line: if the pool should not kill a worker that computes without end, the kernel does.
    private func allowProcessorTime(after used: Duration) {
        let seconds = Int(used.components.seconds) + setup.processorSecondsPerJob
        // A refused limit leaves the pool's own.
        _ = cprocess_limit(CPROCESS_LIMIT_PROCESSOR, UInt64(seconds), 1)
    }

    private static func processorTime() -> Duration {
        var usage = rusage()
        // SAFETY: `usage` is a valid place for the answer.
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func duration(_ time: timeval) -> Duration { .seconds(time.tv_sec) + .microseconds(Int(time.tv_usec)) }
        return duration(usage.ru_utime) + duration(usage.ru_stime)
    }
}
