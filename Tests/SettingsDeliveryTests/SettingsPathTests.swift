import SettingsDelivery
import Testing

@Suite("settings paths")
struct SettingsPathTests {
    @Test(
        "each surface has its paths",
        arguments: [
            ("/v1/settings/shop", SettingsPath.document(app: "shop")),
            ("/v1/settings/shop?x=1", .document(app: "shop")),
            ("/v1/settings/shop/dictionary/00ff", .dictionary(app: "shop", digest: "00ff")),
            ("/ofrep/v1/evaluate/flags", .flags),
            ("/ofrep/v1/evaluate/flags/", .flags),
            ("/ofrep/v1/evaluate/flags?flagConfigEtag=a", .flags),
            ("/ofrep/v1/evaluate/flags/dark%20mode", .flag("dark mode")),
            ("/ofrep/v1/evaluate/flags/ui/dark", .flag("ui/dark")),
            ("/ofrep/v1/evaluate/flags/ui%2Fdark", .flag("ui/dark")),
            ("/ofrep/v1/events/0a", .flagEvents(channel: "0a")),
            ("/api/features/vs_1", .features(key: "vs_1")),
            ("/api/eval/vc_1", .remote(key: "vc_1")),
            ("/sub/vc_1", .subscription(key: "vc_1")),
        ]
    )
    func surfaces(path: String, expected: SettingsPath) { #expect(SettingsPath(path) == expected) }

    @Test(
        "other paths are nobody's",
        arguments: [
            "", "/", "/v1/settings", "/v1/settings/", "/v1/settings/shop/", "/v1/settings/shop/x", "/api/features/",
            "/api/features/a/b", "/api/other/a", "/sub/", "/sub", "/sub/a/b", "/ofrep/v1/evaluate", "/ofrep/v1/events/",
            "/ofrep/v2/evaluate/flags", "/img/cat.jpg", "/api/features/%zz", "/api/features/%ff", "/v1/settings/%",
        ]
    )
    func others(path: String) { #expect(SettingsPath(path) == nil) }

    @Test("parameters of a query are decoded")
    func query() {
        #expect(QueryText.value("flagConfigEtag", of: "/x?a=1&flagConfigEtag=%22a+b%22&flagConfigEtag=2") == "\"a b\"")
        #expect(QueryText.value("a", of: "/x?a") == "")
        #expect(QueryText.value("b", of: "/x?a=1") == nil)
        #expect(QueryText.value("a", of: "/x") == nil)
        #expect(QueryText.value("a", of: "/x?a=%f") == nil)
    }
}
