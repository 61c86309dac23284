import Wire

extension ServerLimits {
    init(reading reader: inout ParameterReader) {
        self.init()
        connections = reader.integer("max-connections")
        connectionsPerClient = reader.integer("max-connections-per-client")
        headBytes = reader.bytes("max-header-size")
        targetBytes = min(targetBytes, headBytes)
        fields = reader.integer("max-header-fields")
        bodyBytes = Int64(reader.bytes("max-body-size"))
        headTimeout = reader.duration("header-timeout")
        bodyTimeout = reader.duration("body-timeout")
        writeTimeout = reader.duration("write-timeout")
        idleTimeout = reader.duration("idle-timeout")
    }
}
