"""The engines that run a page, and what a page may take."""

from __future__ import annotations

import os
from enum import StrEnum

# The kernel of every notebook, by the name under which `kernel.json` is installed.
KERNEL = {"name": "kingston", "display_name": "Kingston", "language": "python"}
CELL_SECONDS = 120
# More than any page needs, and less than brings a machine down.
MEMORY = 4 * 1024**3
# A kernel that did not start is tried again.
TRIES = 3
# One thread, since the sum of many has other last digits; one order of sets; and memory that
# tables no longer need is given back, where pyarrow's own pool keeps it.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    # A kernel's debugger, which no page uses, would complain of how Python was started.
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}


class Engine(StrEnum):
    """The engines that run a page."""

    WARM = "warm"
    NBCLIENT = "nbclient"


# The fastest that this system can use.
DEFAULT = Engine.WARM if hasattr(os, "fork") else Engine.NBCLIENT
