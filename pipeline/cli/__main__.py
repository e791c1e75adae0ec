"""``python -m pipeline.cli``: the same as ``skm``."""

from pipeline.cli.commands import main

if __name__ == "__main__":
    main()
