"""The smells of the code, measured: `python -m tests.smells`."""
