"""The pages of the network: public ones, and those where bodies and the Observatory work."""
