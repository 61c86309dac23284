import HTTPTypes

/// What a request to the admin interface says.
struct AdminCall: Sendable {
    var method: HTTPRequest.Method
    var query: AdminQuery
    var body: [UInt8]
    var author: String
}
