/// The page at `/`: a gallery of originals and a workbench for their renditions.
///
/// Promises: everything the page needs is in the binary (about 220 kB), so it works wherever the server does and asks
/// nothing of any other host. It is plain HTML, CSS and JavaScript in `Resources/`, embedded by the build; in the
/// browser it uses only the public HTTP surface: `/page/state`, `/page/edge`, `/page/purge`, `/page/settings…`,
/// `/page/pictures/arms`, `/page/shadow`, `/v1/usage/…`, `/originals`, `/sign`, `/img/…` and `/info/…`.
/// Costs: one pass over the bytes for the entity tags at the first use, then nothing. Nothing here can fail.
package enum ConsoleAssets {
    /// Every file of the page, the page itself ("/") first.
    package static let all: [ConsoleAsset] = [
        ConsoleAsset(path: "/", mediaType: html, bytes: PackageResources.index_html),
        ConsoleAsset(path: "/page/icon.svg", mediaType: svg, bytes: PackageResources.icon_svg),
        ConsoleAsset(path: "/page/page.css", mediaType: css, bytes: PackageResources.page_css),
        ConsoleAsset(path: "/page/controls.css", mediaType: css, bytes: PackageResources.controls_css),
        ConsoleAsset(path: "/page/edge.css", mediaType: css, bytes: PackageResources.edge_css),
        ConsoleAsset(path: "/page/settings.css", mediaType: css, bytes: PackageResources.settings_css),
        ConsoleAsset(path: "/page/usage.css", mediaType: css, bytes: PackageResources.usage_css),
        script("page.js", PackageResources.page_js),
        script("apps.js", PackageResources.apps_js),
        script("attributes.js", PackageResources.attributes_js),
        script("authored.js", PackageResources.authored_js),
        script("blurhash.js", PackageResources.blurhash_js),
        script("browser.js", PackageResources.browser_js),
        script("comparison.js", PackageResources.comparison_js),
        script("conditions.js", PackageResources.conditions_js),
        script("controls.js", PackageResources.controls_js),
        script("desk.js", PackageResources.desk_js),
        script("edge.js", PackageResources.edge_js),
        script("elements.js", PackageResources.elements_js),
        script("experiments.js", PackageResources.experiments_js),
        script("features.js", PackageResources.features_js),
        script("focus.js", PackageResources.focus_js),
        script("gallery.js", PackageResources.gallery_js),
        script("list.js", PackageResources.list_js),
        script("options.js", PackageResources.options_js),
        script("passport.js", PackageResources.passport_js),
        script("payouts.js", PackageResources.payouts_js),
        script("preview.js", PackageResources.preview_js),
        script("publishes.js", PackageResources.publishes_js),
        script("quarantine.js", PackageResources.quarantine_js),
        script("rules.js", PackageResources.rules_js),
        script("runs.js", PackageResources.runs_js),
        script("service.js", PackageResources.service_js),
        script("settings.js", PackageResources.settings_js),
        script("sparkline.js", PackageResources.sparkline_js),
        script("stages.js", PackageResources.stages_js),
        script("units.js", PackageResources.units_js),
        script("usage.js", PackageResources.usage_js),
        script("usagedesk.js", PackageResources.usagedesk_js),
    ]

    /// The file served at an URL path; `nil` for every other path.
    package static func asset(at path: String) -> ConsoleAsset? { byPath[path] }

    /// Value of `Content-Security-Policy` for every asset: own scripts, styles, pictures and requests, nothing else.
    package static let contentSecurityPolicy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' blob: data:",
        "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ].joined(separator: "; ")

    private static let byPath = Dictionary(uniqueKeysWithValues: all.map { ($0.path, $0) })
    private static let html = "text/html; charset=utf-8"
    private static let css = "text/css; charset=utf-8"
    private static let svg = "image/svg+xml"

    private static func script(_ name: String, _ bytes: [UInt8]) -> ConsoleAsset {
        ConsoleAsset(path: "/page/" + name, mediaType: "text/javascript; charset=utf-8", bytes: bytes)
    }
}
