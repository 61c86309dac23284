import NIOCore

/// A connection as other threads see it: every call becomes an event on its event loop.
struct UpstreamConnection: Sendable {
    let id: ConnectionTable.ConnectionID
    let channel: any Channel
    let handler: NIOLoopBound<ConnectionHandler>

    /// Sends a request; everything that comes of it goes to the mailbox.
    func start(_ job: ExchangeJob, _ mailbox: ResponseMailbox) {
        channel.eventLoop.execute { handler.value.start(job, mailbox) }
    }

    /// Closes at once.
    func close() { channel.close(mode: .all, promise: nil) }

    /// Reads a request's body from its source and writes it, one part at a time.
    func pump(_ pump: UpstreamRequestBody.Pump, length: Int64?, _ mailbox: ResponseMailbox) async {
        var sent: Int64 = 0
        do {
            try await pump { part throws(UpstreamError) in
                guard part.readableBytes > 0 else { return }
                sent += Int64(part.readableBytes)
                if let length, sent > length { throw .requestBodyFailed }
                try await write(part, mailbox)
            }
            let isComplete = length == nil || length == sent
            channel.eventLoop.execute { handler.value.endUpload(mailbox, isComplete: isComplete) }
        } catch {
            // A write that failed ends its connection, and so the exchange; this is for the failures of the source.
            channel.eventLoop.execute { handler.value.endUpload(mailbox, isComplete: false) }
        }
    }

    private func write(_ part: ByteBuffer, _ mailbox: ResponseMailbox) async throws(UpstreamError) {
        let written = channel.eventLoop.makePromise(of: Void.self)
        channel.eventLoop.execute { handler.value.upload(part, mailbox, written) }
        do {
            try await written.futureResult.get()
        } catch {
            throw .cancelled
        }
    }
}
