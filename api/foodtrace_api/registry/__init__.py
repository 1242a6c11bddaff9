"""/registry: a schema registry that Confluent's clients take for one of their own."""
