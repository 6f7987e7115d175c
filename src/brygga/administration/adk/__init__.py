"""The Administration API (ADK) as documented: standard library only, because the host process imports it."""
