"""Quality of the detectors on labelled real pages: `python -m tests.eval`."""
