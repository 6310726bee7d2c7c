"""The command line, for `python -m govcrawl`."""

from govcrawl.cli.main import main

main()
