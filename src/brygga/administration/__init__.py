"""Visma Administration: the ADK binding, the host process and the gateway to records."""
