/// What in the settings of an S3 store makes no sense, in words for the operator; never holds a secret.
package struct S3ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
}
