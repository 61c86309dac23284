import Originals

extension SourceConfiguration {
    init(reading reader: inout ParameterReader) {
        let addresses = AddressGuard(
            allowsLoopback: reader.switched("allow-loopback-sources"),
            allowsLinkLocal: reader.switched("allow-link-local-sources"),
            allowsPrivate: reader.switched("allow-private-sources")
        )
        var remote = RemoteConfiguration(addresses: addresses)
        remote.redirectsMax = reader.integer("max-redirects")
        remote.connectTimeout = reader.duration("connect-timeout")
        remote.userAgent = "vitrine/" + Vitrine.version
        self.init(
            allowed: SourceAllowList(reader.list("allowed-sources")),
            remote: remote,
            localRoot: reader.text("local-root"),
            limits: FetchLimits(
                bytesMax: reader.bytes("max-src-file-size"),
                deadline: max(.milliseconds(100), reader.duration("fetch-timeout"))
            )
        )
    }
}
