import AsyncHTTPClient
import NIOCore
import NIOHTTP1

extension S3ObjectStore {
    /// Puts a body; with a token only if there is no such object.
    func send(
        _ body: ObjectBody,
        at key: ObjectKey,
        _ mediaType: String?,
        token: String?
    ) async throws(ObjectStoreError) -> PutOutcome {
        var fields: [SignatureV4.Pair] = [("content-type", mediaType ?? key.mediaType)]
        if let token { fields.append((Self.tokenField, token)) }
        var payload: S3Payload
        switch body {
        case .bytes(let bytes): payload = .bytes(bytes)
        case .file(let path, let size):
            let file = try await FileRegion.open(path: path, size: size, threads: threads)
            if size > configuration.multipartThreshold {
                return try await sendParts(of: file, at: key, fields, token)
            }
            payload = .file(file)
        }
        if payload.size == 0 { payload = .empty }
        var request = S3Request(method: .PUT, key: key, fields: fields, payload: payload)
        if token != nil { request.fields.append(("if-none-match", "*")) }
        let answer = try await connection.send(request, accepting: token == nil ? [] : [412])
        guard answer.response.status.code == 412 else { return .created }
        return try await outcome(of: key, token, isRepeated: answer.isRepeated)
    }

    private func sendParts(
        of file: FileRegion,
        at key: ObjectKey,
        _ fields: [SignatureV4.Pair],
        _ token: String?
    ) async throws(ObjectStoreError) -> PutOutcome {
        // Not to send all of it in vain; whether it is absent is decided when the parts are joined.
        if token != nil, try await exists(key) { return .existed }
        let upload = MultipartUpload(connection: connection, key: key, fields: fields)
        if try await upload.send(file, onlyIfAbsent: token != nil) { return .created }
        return try await outcome(of: key, token, isRepeated: true)
    }

    /// Whether the object that is there has been put by an attempt of ours that seemed to fail.
    private func outcome(
        of key: ObjectKey,
        _ token: String?,
        isRepeated: Bool
    ) async throws(ObjectStoreError) -> PutOutcome {
        guard isRepeated, let token else { return .existed }
        do throws(ObjectStoreError) {
            let answer = try await connection.send(S3Request(method: .HEAD, key: key))
            return answer.field(Self.tokenField) == token ? .created : .existed
        } catch .notFound {
            // Deleted meanwhile.
            return .existed
        }
    }

    private func exists(_ key: ObjectKey) async throws(ObjectStoreError) -> Bool {
        do throws(ObjectStoreError) {
            _ = try await head(key)
            return true
        } catch .notFound {
            return false
        }
    }
}
