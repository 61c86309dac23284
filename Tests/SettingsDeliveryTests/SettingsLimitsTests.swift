import SettingsDelivery
import Testing

@Suite("settings limits")
struct SettingsLimitsTests {
    @Test("a body may have a mebibyte")
    func bodyLimit() {
        #expect(SettingsLimits().bodyBytes == 1_048_576)
    }
}
