"""What the Python peers share: the arguments, and a regression's arrays from a CSV file.

Arguments: {gaussian|bernoulli} CSV RESPONSE PREDICTORS GROUPS [--warmup 1000] [--draws 1000] [--prior-b normal|flat]
PREDICTORS: comma-separated columns (text columns get treatment contrasts). GROUPS: comma-separated columns, 'a:b' for a nested one.
"""
import argparse
import json
import os

# one core, before any library reads them
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
for name in ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np
import pandas as pd


class Regression:
    """X [rows, predictors] centred, y [rows], groups: a list of level codes [rows], sizes: their levels; brms's default priors."""

    def __init__(self):
        parser = argparse.ArgumentParser()
        parser.add_argument("family", choices=["gaussian", "bernoulli"])
        parser.add_argument("csv")
        parser.add_argument("response")
        parser.add_argument("predictors")
        parser.add_argument("groups")
        parser.add_argument("--warmup", type=int, default=1000)
        parser.add_argument("--draws", type=int, default=1000)
        parser.add_argument("--prior-b", choices=["flat", "normal"], default="flat")
        args = parser.parse_args()
        data = pd.read_csv(args.csv)
        names = [c for c in args.predictors.split(",") if c]
        X = pd.get_dummies(data[names], drop_first=True).to_numpy(float) if names else np.zeros((len(data), 0))
        y = data[args.response]
        y = (y if pd.api.types.is_numeric_dtype(y) else pd.Series(pd.factorize(y, sort=True)[0])).to_numpy(float)
        self.X = X - X.mean(0)
        self.y = y
        self.groups = [
            pd.factorize(data[g.split(":")].astype(str).agg("_".join, axis=1))[0] for g in args.groups.split(",") if g
        ]
        self.sizes = [int(g.max()) + 1 for g in self.groups]
        self.gaussian = args.family == "gaussian"
        median = np.median(y)
        self.scale = max(2.5, round(1.4826 * np.median(np.abs(y - median)), 1)) if self.gaussian else 2.5
        self.location = round(median, 1) if self.gaussian else 0.0
        self.flat_b = args.prior_b == "flat"
        self.warmup, self.draws = args.warmup, args.draws


def report(program, posterior, wall, steps):
    """Prints one JSON line: wall seconds, least bulk ESS (ArviZ) of a dict of [chains, draws, ...] arrays, and their ratio."""
    import arviz as az

    ess = az.ess(az.convert_to_dataset(posterior))
    least = min(float(np.min(ess[name].values)) for name in posterior)
    means = {name: np.asarray(draws).mean((0, 1)).round(4).tolist() for name, draws in posterior.items()}
    print(
        json.dumps(
            {
                "program": program,
                "wall": round(wall, 2),
                "least_ess": round(least),
                "per_second": round(least / wall, 3),
                "gradients_per_draw": round(steps, 1),
                "means": means,
            }
        )
    )
