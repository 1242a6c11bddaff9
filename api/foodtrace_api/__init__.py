"""The HTTP door: push events, ask for lineage, recalls and receipts; the registry beside it.

One folder a feature (routes, service, shapes); `web` holds what all of them share.
"""
