"""Benchmarks: ``python3 dev.py bench``. Not part of the test run, which counts calls but measures no times."""
