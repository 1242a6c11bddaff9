"""The bus: the only place besides the agents that talks to Kafka.

Producer, topics and their verification, end offsets, the identity of a log, the schemas topic and
the form of a dead letter. Nothing here logs, counts or reads settings.
"""
