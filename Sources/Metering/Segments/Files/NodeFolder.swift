import Caching

/// The files of one node: lines as they came in `open`, what is to be shipped in `sealed`.
struct NodeFolder: Sendable {
    let node: String
    let path: String
    let open: any SegmentFiles
    let sealed: any SegmentFiles
    private let files: @Sendable (String) -> any SegmentFiles

    init(node: String, in folder: String, files: @escaping @Sendable (String) -> any SegmentFiles) {
        self.node = node
        path = "\(folder)/\(node)"
        open = files("\(path)/open")
        sealed = files("\(path)/sealed")
        self.files = files
    }

    /// The path of a file in `sealed`.
    func sealedPath(_ name: SegmentName) -> String { "\(path)/sealed/\(name.text)" }

    /// How a segment is called when people are told.
    func describe(_ number: UInt64) -> String { "\(node)/\(SegmentName.digits(number))" }

    /// Makes what is missing of it, durably; blocks.
    func make() throws(DiskFailure) {
        // The collector's own lock is held already, so nobody else can have these.
        guard try open.claim(), try sealed.claim() else { throw DiskFailure.taken }
        try files(path).synchronizeNames()
    }

    func release() {
        open.release()
        sealed.release()
    }
}
