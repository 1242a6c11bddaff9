"""Flags over the ledger: the database names the few candidates, the domain's rules judge them.

Every flag has one anchor, the day and id of a document, by which a list finds it in whatever order
it reads: the document that shows it, or the latest (for a sale too late the first) one of a lot.
"""
