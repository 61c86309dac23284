import Caching
import Crypto
import DeliveryTypes
import NIOCore
import NIOPosix
import ObjectStorage

/// Puts a sealed segment into the store: its bytes under their number and hash, then the manifest that says so.
///
/// Interrupted anywhere and begun again it puts the same; what is there already is looked at and never overwritten.
struct SegmentShipper: Sendable {
    let store: any ObjectStore
    let pool: NIOThreadPool
    let steps: SegmentSteps

    private static let pieceBytes = 1 << 20

    /// - Throws: `store`; `damaged` or `foreign`, for which trying again does not help; `disk` when all is in the store
    ///   and only the files on this node could not be removed: calling it again does just that.
    func ship(_ segment: SealedSegment) async throws(MeteringError) {
        let manifest = segment.manifest
        let objectKey = try Self.key(manifest.objectKeyText)
        let manifestKey = try Self.key(SegmentManifest.keyText(node: manifest.node, number: manifest.number))
        if try await bodyIsWhole(segment) {
            try await putBody(of: segment, at: objectKey, manifestKey)
        } else if try await !isStored(manifest, at: objectKey) {
            let name = SegmentName.body(segment.number).text
            throw .damaged(segment: segment.name, reason: "\(name) is missing or not what was sealed")
        }
        steps.after(.objectPut)
        try await put(manifest, at: manifestKey)
        steps.after(.manifestPut)
        try await pool.blocking { () throws(MeteringError) in try finish(segment) }
    }

    private func putBody(
        of segment: SealedSegment,
        at key: ObjectKey,
        _ manifestKey: ObjectKey
    ) async throws(MeteringError) {
        let path = segment.home.sealedPath(.body(segment.number))
        let body = ObjectBody.file(path: path, size: segment.manifest.bytes)
        let outcome = try await storeErrors { () async throws(ObjectStoreError) in
            try await store.putIfAbsent(body, at: key)
        }
        // The key has the bytes' hash, so whatever is there is the same, or somebody has broken the store.
        if outcome == .existed, try await !isStored(segment.manifest, at: key) {
            throw .foreign(manifest: manifestKey)
        }
    }

    private func isStored(_ manifest: SegmentManifest, at key: ObjectKey) async throws(MeteringError) -> Bool {
        do throws(ObjectStoreError) {
            return try await store.head(key).size == manifest.bytes
        } catch {
            if case .notFound = error { return false }
            throw .store(error)
        }
    }

    private func put(_ manifest: SegmentManifest, at key: ObjectKey) async throws(MeteringError) {
        let outcome = try await storeErrors { () async throws(ObjectStoreError) in
            try await store.putIfAbsent(.bytes(ByteBuffer(bytes: manifest.json)), at: key)
        }
        if outcome == .created { return }
        let found: ByteBuffer
        do throws(ObjectStoreError) {
            found = try await store.get(key).body.collect(upTo: SegmentManifest.bytesMax)
        } catch {
            if case .tooLarge = error { throw .foreign(manifest: key) }
            throw .store(error)
        }
        guard let other = SegmentManifest(json: Array(found.readableBytesView)), other.number == manifest.number,
            other.sha256 == manifest.sha256
        else { throw .foreign(manifest: key) }
    }

    /// Whether the file in `sealed` is the one that was sealed: read whole, so that what is put is what was hashed.
    private func bodyIsWhole(_ segment: SealedSegment) async throws(MeteringError) -> Bool {
        try await pool.blocking { () throws(MeteringError) in
            do throws(DiskFailure) {
                let file = try segment.home.sealed.open(SegmentName.body(segment.number).text)
                guard try file.size() == segment.manifest.bytes else { return false }
                var hash = SHA256()
                var offset = 0
                while true {
                    let piece = try file.read(Self.pieceBytes, at: offset)
                    if piece.readableBytes == 0 { break }
                    hash.update(data: Array(piece.readableBytesView))
                    offset += piece.readableBytes
                }
                return ContentDigest(bytes: Array(hash.finalize())) == segment.manifest.sha256
            } catch {
                if error.isAbsence { return false }
                throw error.meteringError
            }
        }
    }

    /// Notes that the number was shipped, and removes the files and the note of the number before; blocks.
    ///
    /// The newest note stays, so that no number comes twice.
    private func finish(_ segment: SealedSegment) throws(MeteringError) {
        let sealed = segment.home.sealed
        try meteringErrors { () throws(DiskFailure) in
            do throws(DiskFailure) {
                let note = try sealed.create(SegmentName.shipped(segment.number).text)
                // Without its text a restart believes the clock alone; shipping is what makes room on a full disk.
                try? note.writeAll([ShippedNote.encoded(segment.manifest)], at: 0)
                try? note.synchronize()
            } catch {
                guard error.isPresence else { throw error }
            }
            try sealed.synchronizeNames()
            steps.after(.markerWritten)
            try sealed.remove(SegmentName.body(segment.number).text)
            steps.after(.bodyRemoved)
            try sealed.remove(SegmentName.manifest(segment.number).text)
            // Parts without lines, and those that could not be removed: without the note they would be a segment.
            for name in try segment.home.open.names() {
                guard case .part(segment.number, _) = SegmentName(name) else { continue }
                try segment.home.open.remove(name)
            }
            if segment.number > 1 { try sealed.remove(SegmentName.shipped(segment.number - 1).text) }
            steps.after(.manifestRemoved)
        }
    }

    /// A name that was checked before makes a key.
    private static func key(_ text: String) throws(MeteringError) -> ObjectKey {
        do throws(ObjectStoreError) {
            return try ObjectKey(text)
        } catch {
            throw .store(error)
        }
    }
}

/// Runs `body`, whose failure becomes the module's.
func storeErrors<Value>(_ body: () async throws(ObjectStoreError) -> Value) async throws(MeteringError) -> Value {
    do throws(ObjectStoreError) {
        return try await body()
    } catch {
        throw .store(error)
    }
}
