"""Accounting rules as pure functions: no input or output, no clock, no look-up of settings (they are arguments)."""
