"""What actions and news have in common: who speaks, in which words, and the way to being public.

It stands in this room because news, in the portal, may speak of actions; both are written, reviewed and
published by the same code.
"""
