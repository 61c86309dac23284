import JSON

/// Which audiences get specialised rules: what the document says, or else the platforms and countries its conditions
/// name.
struct PartitionPlan {
    /// Most specific keys included; at most `ReleaseCompiler.partitionsMax`.
    let keys: [PartitionKey]

    init(_ options: AppOptions, conditions: [JSONValue], savedGroups: JSONObject) {
        var counts = AttributeValues(savedGroups: savedGroups)
        for condition in conditions { counts.collect(condition) }
        let max = ReleaseCompiler.partitionsMax
        let platforms = Array((options.platforms ?? counts.mostNamed("platform")).prefix(max - 1))
        let countriesMax = (max + 1) / (platforms.count + 1) - 1
        let countries = Array((options.countries ?? counts.mostNamed("country")).prefix(countriesMax))
        var keys: [PartitionKey] = []
        for platform in platforms.map(Optional.some) + [nil] {
            for country in countries.map(Optional.some) + [nil] where platform != nil || country != nil {
                keys.append(PartitionKey(platform: platform, country: country))
            }
        }
        var seen: Set<PartitionKey> = []
        self.keys = keys.filter { seen.insert($0).inserted }
    }
}
