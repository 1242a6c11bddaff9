"""/v1/mandates: who may report in whose name, and on which days."""
