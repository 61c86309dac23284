/// The published JSON Schema of an event (draft 2020-12); `docs/formats/usage-event.schema.json` is the same text.
package enum EventSchema {
    package static let text = #"""
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "$id": "https://vitrine.invalid/schemas/usage-event.schema.json",
          "title": "Usage event",
          "description": "One CloudEvent 1.0 in the JSON event format, as POST /v1/events takes it; at most 65,536 \#
        bytes, nested at most 32 levels. Lengths are bytes of UTF-8. A member's name may stand once in an object. \#
        Attributes that are not named here are kept.",
          "type": "object",
          "required": [
            "specversion",
            "id",
            "source",
            "type"
          ],
          "properties": {
            "specversion": {
              "const": "1.0"
            },
            "id": {
              "description": "With source, the event's identity: of events that are equal in both, one counts.",
              "type": "string",
              "minLength": 1,
              "maxLength": 256,
              "pattern": "^[^\\u0000-\\u001f\\u007f]*$"
            },
            "source": {
              "description": "Whose ids these are: a URI reference.",
              "type": "string",
              "minLength": 1,
              "maxLength": 256,
              "pattern": "^[^\\u0000-\\u001f\\u007f]*$",
              "format": "uri-reference"
            },
            "type": {
              "description": "What happened.",
              "enum": [
                "com.vitrine.usage.v1",
                "com.vitrine.delivery.v1",
                "com.vitrine.exposure.v1",
                "vitrine.exposure"
              ]
            },
            "time": {
              "description": "When it happened: from the year 2000 to one day after the event's arrival.",
              "type": [
                "string",
                "null"
              ],
              "format": "date-time"
            },
            "datacontenttype": {
              "description": "JSON, which is also what its absence means.",
              "type": [
                "string",
                "null"
              ],
              "pattern": "^[Aa][Pp][Pp][Ll][Ii][Cc][Aa][Tt][Ii][Oo][Nn]/[Jj][Ss][Oo][Nn][ \\t]*(;.*)?$"
            },
            "traceparent": {
              "description": "The W3C trace context in which it happened; not a part of the content.",
              "type": [
                "string",
                "null"
              ]
            },
            "tracestate": {
              "description": "Not a part of the content.",
              "type": [
                "string",
                "null"
              ]
            },
            "node": {
              "description": "The process that saw it; not a part of the content.",
              "type": ["string", "boolean", "integer", "null"]
            },
            "data": {
              "type": [
                "object",
                "null"
              ],
              "properties": {
                "content_id": {
                  "description": "What was used.",
                  "type": [
                    "string",
                    "null"
                  ],
                  "minLength": 1,
                  "maxLength": 256,
                  "pattern": "^[^\\u0000-\\u001f\\u007f]*$"
                },
                "content_type": {
                  "description": "Its kind, such as photo, template or font.",
                  "type": [
                    "string",
                    "null"
                  ],
                  "minLength": 1,
                  "maxLength": 256,
                  "pattern": "^[^\\u0000-\\u001f\\u007f]*$"
                },
                "creator_id": {
                  "description": "Who made it, and is paid.",
                  "type": [
                    "string",
                    "null"
                  ],
                  "minLength": 1,
                  "maxLength": 256,
                  "pattern": "^[^\\u0000-\\u001f\\u007f]*$"
                },
                "user_id": {
                  "description": "Who used it.",
                  "type": [
                    "string",
                    "null"
                  ],
                  "minLength": 1,
                  "maxLength": 256,
                  "pattern": "^[^\\u0000-\\u001f\\u007f]*$"
                },
                "action": {
                  "description": "What was done with it, such as export or publish.",
                  "type": [
                    "string",
                    "null"
                  ],
                  "minLength": 1,
                  "maxLength": 256,
                  "pattern": "^[^\\u0000-\\u001f\\u007f]*$"
                },
                "brand_id": {
                  "description": "For which brand.",
                  "type": [
                    "string",
                    "null"
                  ],
                  "minLength": 1,
                  "maxLength": 256,
                  "pattern": "^[^\\u0000-\\u001f\\u007f]*$"
                },
                "template_id": {
                  "description": "As a part of which template.",
                  "type": [
                    "string",
                    "null"
                  ],
                  "minLength": 1,
                  "maxLength": 256,
                  "pattern": "^[^\\u0000-\\u001f\\u007f]*$"
                },
                "country": {
                  "description": "Where.",
                  "type": [
                    "string",
                    "null"
                  ],
                  "minLength": 1,
                  "maxLength": 256,
                  "pattern": "^[^\\u0000-\\u001f\\u007f]*$"
                },
                "plan": {
                  "description": "Under which plan.",
                  "type": [
                    "string",
                    "null"
                  ],
                  "minLength": 1,
                  "maxLength": 256,
                  "pattern": "^[^\\u0000-\\u001f\\u007f]*$"
                }
              },
              "additionalProperties": true
            }
          },
          "propertyNames": {
            "pattern": "^[a-z0-9]+$"
          },
          "additionalProperties": {
            "type": [
              "string",
              "boolean",
              "integer",
              "null"
            ],
            "minimum": -2147483648,
            "maximum": 2147483647
          },
          "if": {
            "properties": {
              "type": {
                "const": "com.vitrine.usage.v1"
              }
            }
          },
          "then": {
            "required": [
              "time",
              "data"
            ],
            "properties": {
              "time": {
                "type": "string"
              },
              "data": {
                "type": "object",
                "required": [
                  "content_id",
                  "content_type",
                  "creator_id",
                  "user_id",
                  "action"
                ],
                "properties": {
                  "content_id": {
                    "type": "string"
                  },
                  "content_type": {
                    "type": "string"
                  },
                  "creator_id": {
                    "type": "string"
                  },
                  "user_id": {
                    "type": "string"
                  },
                  "action": {
                    "type": "string"
                  }
                }
              }
            }
          }
        }

        """#
}
