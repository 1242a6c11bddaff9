"""The contracts: events as Avro and JSON, their versions, their topics and the registry's rules.

`topics` is the table of kinds; `contracts` the Avro files by version; `codec` and `json_form` turn
events into bytes and back; `compatibility` and `registry` decide what may be registered. Nothing
here talks to Kafka, a database or the network.
"""
