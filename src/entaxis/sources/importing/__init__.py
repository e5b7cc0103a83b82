"""Files of sources come in: read, checked whole, made pseudonymous, staged in pieces, made current."""
