"""Add up a made-up file of offences by month, area and kind: DuckDB, pandas, Dask's data frames.

Needs what the project does not: `pip install duckdb pandas pyarrow "dask[dataframe]"`.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time

ROWS = 5_000_000
KEYS = ["month", "area", "kind"]


def made_up(file: str) -> None:
    """Write the file; the chance is seeded."""
    import numpy as np
    import pandas as pd

    chance = np.random.default_rng(2008)
    months = [f"20{year:02}-{month:02}" for year in range(10) for month in range(1, 13)]
    columns = {
        "month": chance.choice(months, ROWS),
        "area": chance.choice([f"area {number}" for number in range(700)], ROWS),
        "kind": chance.choice([f"kind {number}" for number in range(14)], ROWS),
        "latitude": chance.random(ROWS),
    }
    pd.DataFrame(columns).to_csv(file, index=False)


def by_duckdb(file: str) -> int:
    """Return the number of sums."""
    import duckdb

    return len(duckdb.sql(f"select month, area, kind, count(*) from '{file}' group by all").df())


def by_pandas(file: str) -> int:
    """Return the number of sums."""
    import pandas as pd

    return len(pd.read_csv(file).groupby(KEYS).size())


def by_dask(file: str) -> int:
    """Return the number of sums."""
    import dask.dataframe

    return len(dask.dataframe.read_csv(file).groupby(KEYS).size().compute())


if __name__ == "__main__":
    if len(sys.argv) == 3:
        started, found = time.monotonic(), globals()[sys.argv[1]](sys.argv[2])
        seconds = time.monotonic() - started
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        told = "" if found is None else f"{found:,} sums, "
        sys.stdout.write(f"{sys.argv[1]}: {told}{seconds:.1f} s, at most {megabytes:,.0f} MB\n")
    else:
        with tempfile.TemporaryDirectory() as folder:
            for step in ("made_up", "by_duckdb", "by_pandas", "by_dask"):
                command = [sys.executable, __file__, step, f"{folder}/offences.csv"]
                subprocess.run(command, check=True)
