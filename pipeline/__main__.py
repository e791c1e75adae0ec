"""``python -m pipeline``: the same as ``skm``."""

from pipeline.cli.commands import main

if __name__ == "__main__":
    main()
