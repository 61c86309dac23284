package import DeliveryTypes
package import ObjectStorage

extension OriginalStore {
    /// An original's record and its bytes, or those in `range`.
    ///
    /// - Throws: `notFound`; `storage(.invalidRange)` if the range begins past the end; `damaged` if there is a record
    ///   and no bytes.
    package func open(
        _ id: ContentDigest,
        range: Range<Int>? = nil
    ) async throws(OriginalsError) -> (original: Original, object: StoredObject) {
        let original = try await find(id)
        do throws(ObjectStoreError) {
            return (original, try await store.get(id.objectKey(original.facts.format), range: range))
        } catch .notFound {
            throw await missing(id)
        } catch {
            throw OriginalsError(error)
        }
    }

    /// The path of a file with the original's bytes, to be opened for reading; `nil` if the store is not a folder.
    ///
    /// - Throws: As `open`.
    package func localFile(_ id: ContentDigest) async throws(OriginalsError) -> String? {
        let original = try await find(id)
        do throws(ObjectStoreError) {
            return try await store.localFile(for: id.objectKey(original.facts.format))
        } catch .notFound {
            throw await missing(id)
        } catch {
            throw OriginalsError(error)
        }
    }

    /// The originals in the order of their ids: at most `limit`, in 1...500, greater than `after`.
    ///
    /// - Throws: `storage` or `cancelled`.
    package func list(after: ContentDigest?, limit: Int) async throws(OriginalsError) -> OriginalPage {
        let limit = min(max(limit, 1), 500)
        var ids: [ContentDigest] = []
        var last = after?.recordKey
        var isComplete = false
        while ids.count < limit, !isComplete {
            let from = last
            let page = try await stored { () throws(ObjectStoreError) in
                // The bytes of each original stand beside its record.
                try await store.list(prefix: ObjectPrefix(ContentDigest.originalsPrefix), after: from, limit: 2 * limit)
            }
            ids += page.objects.lazy.compactMap { ContentDigest(recordKey: $0.key) }.prefix(limit - ids.count)
            last = page.next
            isComplete = page.next == nil
        }
        let next = ids.count == limit ? ids.last : nil
        return try await page(of: ids, next: next)
    }

    /// What to say of an original whose bytes are not there: its record may have been deleted by another process.
    private func missing(_ id: ContentDigest) async -> OriginalsError {
        cache.change(id, to: nil, at: now())
        do throws(OriginalsError) {
            _ = try await load(id)
            return .damaged(id, reason: "its bytes are not in the store")
        } catch {
            return error
        }
    }

    private enum Finding: Sendable {
        case original(Original)
        case damaged(ContentDigest)
        /// Deleted since it was listed.
        case gone
    }

    /// Loads the records, several at a time.
    private func page(of ids: [ContentDigest], next: ContentDigest?) async throws(OriginalsError) -> OriginalPage {
        let concurrencyMax = 8
        var findings: [Result<Finding, OriginalsError>?] = Array(repeating: nil, count: ids.count)
        await withTaskGroup(of: (Int, Result<Finding, OriginalsError>).self) { group in
            for (index, id) in ids.enumerated() {
                if index >= concurrencyMax, let (done, finding) = await group.next() { findings[done] = finding }
                group.addTask { [self] in (index, await finding(id)) }
            }
            for await (done, finding) in group { findings[done] = finding }
        }
        var page = OriginalPage(originals: [], damaged: [], next: next)
        for finding in findings {
            switch try finding?.get() {
            case .original(let original): page.originals.append(original)
            case .damaged(let id): page.damaged.append(id)
            case .gone, nil: break
            }
        }
        return page
    }

    private func finding(_ id: ContentDigest) async -> Result<Finding, OriginalsError> {
        do throws(OriginalsError) {
            return .success(.original(try await find(id)))
        } catch {
            switch error {
            case .notFound: return .success(.gone)
            case .damaged: return .success(.damaged(id))
            default: return .failure(error)
            }
        }
    }
}
