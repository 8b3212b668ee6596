"""`python -m assetlib.cli` is the same as `assetlib`."""

import sys

from assetlib.cli import main

sys.exit(main())
