/// Where deliveries are counted: what a `DeliveryRecorder` empties again and again.
package protocol DeliverySource: Sendable {
    /// Everything counted since the last time, each row once; nobody else will say it again.
    func take() -> [DeliveryRow]

    /// `call` is called, from anywhere, when rows should be taken soon; it does not block.
    func whenFull(_ call: @escaping @Sendable () -> Void)
}
