"""/healthz, /readyz, /metrics: for supervisors, load balancers and Prometheus."""
