"""A way to be called back (R7b): asked on a page, answered by the municipality or the Observatory."""
