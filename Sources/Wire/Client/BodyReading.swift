/// Keeps a response's rest wanted for as long as somebody holds it.
final class BodyReading: Sendable {
    let mailbox: ResponseMailbox

    init(_ mailbox: ResponseMailbox) { self.mailbox = mailbox }

    deinit { mailbox.abandon() }
}
