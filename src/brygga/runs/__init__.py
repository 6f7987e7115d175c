"""Runs: a transfer from settlement to result, one at a time per company, with progress and cancel."""
