"""What several tests share: the real broker and PostgreSQL of one run, and their fixtures."""
