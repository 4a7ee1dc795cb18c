"""The runner against its peers, in ratios measured together: `python -m tests.benchmarks`."""

from __future__ import annotations

import sys
from pathlib import Path

# What the system tests share lies beside this package, in a folder that is no package.
sys.path.append(str(Path(__file__).parents[1]))
