import DeliveryTypes

/// One attribute with its references resolved.
struct XMLAttribute {
    let name: String
    let value: [UInt8]
}
