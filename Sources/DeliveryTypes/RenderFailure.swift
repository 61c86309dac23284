/// Why a render worker made nothing.
///
/// The text is safe to show to the requester.
package struct RenderFailure: Error, Hashable, Sendable, Codable {
    package enum Code: String, Hashable, Sendable, Codable {
        /// Not a picture, or a format that is not read.
        case unsupportedSource
        /// A picture whose bytes are damaged or end too early.
        case corruptSource
        /// The source or the result exceeds a limit; the text names it.
        case limitExceeded
        /// The transformation asks for what this source or format cannot give.
        case unsuitableTransformation
        /// The worker's own fault (memory, a libvips fault); trying once more may help.
        case workerFault
    }

    package var code: Code
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
