"""Where goods came from and went, and whom they affect: the questions lots and batches share."""
