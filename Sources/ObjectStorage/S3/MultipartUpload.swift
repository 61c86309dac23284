import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Sends a large file in parts, several at a time; what an upload that fails has sent is thrown away.
///
/// After a crash in the middle, the parts stay in the service until it removes them: buckets should have a rule that
/// ends incomplete uploads after some days.
struct MultipartUpload: Sendable {
    /// The service's limit.
    static let partsMax = 10_000

    let connection: S3Connection
    let key: ObjectKey
    let fields: [SignatureV4.Pair]

    /// - Returns: Whether the object is there now; `false` if `onlyIfAbsent` and there was one.
    func send(_ file: FileRegion, onlyIfAbsent: Bool) async throws(ObjectStoreError) -> Bool {
        let identifier = try await begin()
        do throws(ObjectStoreError) {
            let tags = try await sendParts(of: file, identifier)
            let isCreated = try await complete(identifier, tags, onlyIfAbsent)
            if !isCreated { await abort(identifier) }
            return isCreated
        } catch {
            await abort(identifier)
            throw error
        }
    }

    /// The ranges of a file's parts: of equal size but for the last, and not too many.
    static func parts(of size: Int, atLeast partBytes: Int) -> [Range<Int>] {
        let step = max(partBytes, (size + partsMax - 1) / partsMax)
        return stride(from: 0, to: size, by: step).map { $0..<min($0 + step, size) }
    }

    private func begin() async throws(ObjectStoreError) -> String {
        let answer = try await connection.send(
            S3Request(method: .POST, key: key, query: [("uploads", "")], fields: fields)
        )
        let document = try await S3Connection.document(answer.response)
        do throws(XMLReader.Fault) {
            let identifier = try S3Document.value("UploadId", below: "InitiateMultipartUploadResult", in: document)
            if let identifier, !identifier.isEmpty { return identifier }
        } catch {
            throw .unavailable(retryable: false, cause: error)
        }
        throw .unavailable(retryable: false, cause: S3Failure(noAnswer: "an upload without a name"))
    }

    private func sendParts(of file: FileRegion, _ identifier: String) async throws(ObjectStoreError) -> [String] {
        let parts = Self.parts(of: file.range.count, atLeast: connection.configuration.partBytes)
        var waiting = parts.enumerated().makeIterator()
        let outcome = await withTaskGroup(of: Result<(Int, String), ObjectStoreError>.self) { group in
            func addNext() {
                guard let (index, range) = waiting.next() else { return }
                group.addTask { await self.sendPart(index, file.part(range), identifier) }
            }
            for _ in 0..<connection.configuration.partsAtOnce { addNext() }
            var tags = [String](repeating: "", count: parts.count)
            for await result in group {
                switch result {
                case .success(let (index, tag)):
                    tags[index] = tag
                    addNext()
                case .failure(let error):
                    group.cancelAll()
                    return Result<[String], ObjectStoreError>.failure(error)
                }
            }
            return .success(tags)
        }
        return try outcome.get()
    }

    private func sendPart(
        _ index: Int,
        _ part: FileRegion,
        _ identifier: String
    ) async -> Result<(Int, String), ObjectStoreError> {
        let query: [SignatureV4.Pair] = [("partNumber", "\(index + 1)"), ("uploadId", identifier)]
        do throws(ObjectStoreError) {
            let answer = try await connection.send(
                S3Request(method: .PUT, key: key, query: query, payload: .file(part))
            )
            guard let tag = answer.field("etag") else {
                return .failure(.unavailable(retryable: true, cause: S3Failure(noAnswer: "a part without a tag")))
            }
            return .success((index, tag))
        } catch {
            return .failure(error)
        }
    }

    private func complete(
        _ identifier: String,
        _ tags: [String],
        _ onlyIfAbsent: Bool
    ) async throws(ObjectStoreError) -> Bool {
        let rows = tags.enumerated().map { index, tag in
            "<Part><PartNumber>\(index + 1)</PartNumber><ETag>\(Self.escaped(tag))</ETag></Part>"
        }
        let space = "http://s3.amazonaws.com/doc/2006-03-01/"
        let text = "<CompleteMultipartUpload xmlns=\"\(space)\">\(rows.joined())</CompleteMultipartUpload>"
        var request = S3Request(method: .POST, key: key, query: [("uploadId", identifier)])
        request.fields = [("content-type", "application/xml")]
        if onlyIfAbsent { request.fields.append(("if-none-match", "*")) }
        request.payload = .bytes(.init(string: text))
        let answer = try await connection.send(request, accepting: onlyIfAbsent ? [404, 412] : [404])
        let document = try await S3Connection.document(answer.response)
        switch answer.response.status.code {
        case 412: return false
        case 404 where answer.isRepeated: return true
        default: break
        }
        // A 200 is sent before the parts are joined, so that its body may be an error all the same.
        if S3Document.failure(document) != nil {
            let status = answer.response.status.code == 404 ? 404 : 500
            throw S3Failure(status: status, body: document).storeError(for: nil)
        }
        return true
    }

    /// Also when the upload's task was cancelled; whether it succeeds makes no difference to the caller.
    private func abort(_ identifier: String) async {
        let request = S3Request(method: .DELETE, key: key, query: [("uploadId", identifier)])
        // A task of its own, since a cancelled one could send nothing; waited for right here.
        await Task { [connection] in _ = try? await connection.send(request, accepting: [404]) }.value
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
