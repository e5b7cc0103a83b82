"""No table of its own; Django tells only rooms with this module that migrations have run."""
