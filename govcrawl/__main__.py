"""The command line, for `python -m govcrawl`."""

from govcrawl.cli.main import main

if __name__ == "__main__":
    main()
