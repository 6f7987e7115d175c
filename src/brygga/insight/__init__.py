"""Insight: reads both systems afresh through read-only gateways and writes nothing."""
