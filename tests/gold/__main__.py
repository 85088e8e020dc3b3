"""`python -m tests.gold`: the same as `python -m benchmarks.evaluate`."""

import sys

from benchmarks.evaluate import main

sys.exit(main())
