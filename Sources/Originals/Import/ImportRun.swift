package import DeliveryTypes
import NIOCore
package import ObjectStorage
import Synchronization

/// Makes originals of the pictures among some files and folders.
///
/// **Promises.** One result for each file; a file that fails does not stop the run. With a journal, a run that was
/// cut off, even by a crash, goes on where it was: files that are finished and have not changed are skipped. Without
/// one, or for the last few, the same bytes are simply found to exist.
///
/// **Costs.** Folders are walked twice, once to count. At most `concurrency` files are in work; the journal's lines
/// of earlier runs are in memory (some 200 bytes per file).
///
/// **May fail** as a whole only if the journal cannot be written, or by cancellation.
package struct ImportRun: Sendable {
    package var originals: OriginalStore
    /// Owner and visibility of all files; each file's name is its own.
    package var attributes = IngestAttributes()
    /// `nil` for no journal.
    package var journalPath: String?
    /// Files in work at once, in 1...64.
    package var concurrency = 4
    /// Whether symbolic links below the paths are followed; the paths themselves always may be such.
    package var followsLinks = false
    package var threads = FileThreads()
    /// Whether a file that begins with these bytes, at most `sniffedBytes`, may be a picture.
    package var isPicture: @Sendable ([UInt8]) -> Bool
    package var inspect: @Sendable (StagedPicture) async throws -> PictureFacts

    package static let sniffedBytes = 4096

    package init(
        originals: OriginalStore,
        isPicture: @escaping @Sendable ([UInt8]) -> Bool,
        inspect: @escaping @Sendable (StagedPicture) async throws -> PictureFacts
    ) {
        self.originals = originals
        self.isPicture = isPicture
        self.inspect = inspect
    }

    /// Imports what is at `paths`, calling `report` for one result at a time as files are finished, in any order.
    ///
    /// Before the first result it is called once with `nil` and the totals.
    ///
    /// - Throws: `storage` if the journal cannot be used, `invalidAttribute`, or `cancelled`.
    @discardableResult
    package func run(
        paths: [String],
        report: (ImportResult?, ImportProgress) async -> Void
    ) async throws(OriginalsError) -> ImportProgress {
        try attributes.check()
        var journal: ImportJournal?
        if let journalPath {
            do throws(ObjectStoreError) {
                journal = try await ImportJournal.open(path: journalPath, threads: threads)
            } catch {
                throw OriginalsError(error)
            }
        }
        var progress = try await counted(paths)
        await report(nil, progress)
        let failure = await importAll(paths, journal: journal, progress: &progress, report: report)
        if let journal {
            do throws(ObjectStoreError) {
                try await journal.synchronize()
            } catch {
                throw OriginalsError(error)
            }
        }
        if let failure { throw failure }
        return progress
    }

    /// A file and what became of it.
    private struct Finished: Sendable {
        var file: FoundFile?
        var result: ImportResult
        /// Finished by this run, so that the journal should know.
        var isNew = false
    }

    /// Why it ended before the last file; `nil` if it did not.
    private func importAll(
        _ paths: [String],
        journal: ImportJournal?,
        progress: inout ImportProgress,
        report: (ImportResult?, ImportProgress) async -> Void
    ) async -> OriginalsError? {
        let items = WalkedItems(FileWalk(roots: paths, followsLinks: followsLinks), threads: threads)
        let inWorkMax = min(max(concurrency, 1), 64)
        return await withTaskGroup(of: Finished.self) { group in
            var inWork = 0
            var isComplete = false
            var failure: OriginalsError?
            while !isComplete || inWork > 0 {
                while inWork < inWorkMax, !isComplete, failure == nil, !Task.isCancelled {
                    do throws(OriginalsError) {
                        guard let item = try await items.next() else {
                            isComplete = true
                            break
                        }
                        group.addTask { await finish(item, journal: journal) }
                        inWork += 1
                    } catch {
                        failure = error
                    }
                }
                guard let finished = await group.next() else { break }
                inWork -= 1
                // What was in work when the run was cancelled is no failure of the file.
                if finished.result.status == .failed, Task.isCancelled { continue }
                if finished.isNew, let journal, let file = finished.file, let id = finished.result.id {
                    do throws(ObjectStoreError) {
                        try await journal.add(file, id: id)
                    } catch {
                        failure = OriginalsError(error)
                        group.cancelAll()
                    }
                }
                progress.add(finished.result.status, bytes: finished.file?.size ?? 0)
                await report(finished.result, progress)
            }
            return failure ?? (Task.isCancelled ? .cancelled : nil)
        }
    }

    private func finish(_ item: FileWalk.Item, journal: ImportJournal?) async -> Finished {
        switch item {
        case .failure(let path, let reason):
            return Finished(result: ImportResult(path: path, status: .failed, error: reason))
        case .file(let file):
            if let id = journal?.finished(file) {
                let reason = "imported earlier"
                return Finished(
                    file: file,
                    result: ImportResult(path: file.path, id: id, status: .skipped, reason: reason)
                )
            }
            do throws(OriginalsError) {
                return try await importFile(file)
            } catch {
                let result = ImportResult(path: file.path, status: .failed, error: "\(error)")
                return Finished(file: file, result: result)
            }
        }
    }

    private func importFile(_ found: FoundFile) async throws(OriginalsError) -> Finished {
        let file: LocalFile
        let beginning: [UInt8]
        do throws(ObjectStoreError) {
            (file, beginning) = try await threads.runUnlessCancelled { () throws(ObjectStoreError) in
                // The walk has decided which links are followed.
                let file = try LocalFile(path: found.path, followsLinks: true)
                return (file, Array(try file.read(Self.sniffedBytes, at: 0).readableBytesView))
            }
        } catch {
            throw OriginalsError(error)
        }
        guard isPicture(beginning) else {
            let result = ImportResult(path: found.path, status: .skipped, reason: "not a picture")
            return Finished(file: found, result: result)
        }
        let name = IngestAttributes(
            owner: attributes.owner,
            visibility: attributes.visibility,
            filename: found.path
        )
        let outcome = try await originals.ingest(
            file.bytes(on: threads),
            declaredLength: found.size,
            attributes: name,
            inspect: inspect
        )
        var result = ImportResult(
            path: found.path,
            id: outcome.original.id,
            status: outcome.existed ? .existed : .stored
        )
        let differences = outcome.differences.subtracting([.filename]).map(\.rawValue).sorted()
        if !differences.isEmpty { result.reason = "other " + differences.joined(separator: " and ") }
        return Finished(file: found, result: result, isNew: true)
    }

    /// How many files there are, and how many bytes.
    private func counted(_ paths: [String]) async throws(OriginalsError) -> ImportProgress {
        var progress = ImportProgress()
        let items = WalkedItems(FileWalk(roots: paths, followsLinks: followsLinks), threads: threads)
        while let item = try await items.next() {
            if Task.isCancelled { throw .cancelled }
            progress.filesTotal += 1
            if case .file(let file) = item { progress.bytesTotal += file.size }
        }
        return progress
    }
}
