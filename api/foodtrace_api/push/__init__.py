"""POST /v1/events: who → may he → valid → Avro → Kafka, and one answer for each event."""
