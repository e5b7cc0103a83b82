"""What a region's administrator keeps of the portal: brand, help lines, checked translations.

Wagtail's settings and snippets have no rights of one region, so these have pages of their own: everything
is looked up by the region of the host, and what belongs to another region does not exist here.
"""
