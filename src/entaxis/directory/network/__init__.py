"""Bodies and structures find each other (R13): who does what, contact, volunteering, networks."""
