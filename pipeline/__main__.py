"""`python -m pipeline` is `claims-audit`."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
