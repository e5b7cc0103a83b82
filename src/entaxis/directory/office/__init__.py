"""The back office of the directory: what editors and region administrators do, page by page."""
