"""`python -m samplewise.cli`, for where scripts are not on PATH."""

import sys

from samplewise.cli import main

sys.exit(main())
