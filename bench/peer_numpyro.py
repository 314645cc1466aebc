"""NumPyro's NUTS on a mixed-effects regression, non-centred, one core, one chain: a peer for bridgewise fit.

usage: peer_numpyro.py {gaussian|bernoulli} CSV RESPONSE PREDICTORS GROUPS [--warmup 1000] [--draws 1000] [--prior-b normal|flat]
PREDICTORS: comma-separated columns (text columns get treatment contrasts). GROUPS: comma-separated columns, 'a:b' for a nested one.
Priors are brms's defaults. Prints one JSON line: wall seconds from the start of the import to the last draw, least bulk ESS over
b_*, sd_*, sigma (ArviZ), and their ratio.
"""
import argparse
import json
import os
import time

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
import numpy as np
import pandas as pd

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
X = pd.get_dummies(data[[c for c in args.predictors.split(",") if c]], drop_first=True).to_numpy(float)
X = X - X.mean(0)
y = data[args.response]
y = (y if pd.api.types.is_numeric_dtype(y) else pd.Series(pd.factorize(y, sort=True)[0])).to_numpy(float)
groups = [pd.factorize(data[g.split(":")].astype(str).agg("_".join, axis=1))[0] for g in args.groups.split(",")]
sizes = [int(g.max()) + 1 for g in groups]
gaussian = args.family == "gaussian"
median = np.median(y)
scale = max(2.5, round(1.4826 * np.median(np.abs(y - median)), 1)) if gaussian else 2.5
location = round(median, 1) if gaussian else 0.0

began = time.time()
import jax
import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS

jax.config.update("jax_enable_x64", True)


def half():
    return dist.FoldedDistribution(dist.StudentT(3, 0.0, scale))


def model():
    eta = numpyro.sample("b0", dist.StudentT(3, location, scale))
    if X.shape[1]:
        n = X.shape[1]
        flat = dist.ImproperUniform(dist.constraints.real_vector, (), (n,))
        eta = eta + X @ numpyro.sample("b", flat if args.prior_b == "flat" else dist.Normal(0, 1e6).expand([n]))
    for k, g in enumerate(groups):
        eta = eta + numpyro.sample(f"sd{k}", half()) * numpyro.sample(f"z{k}", dist.Normal().expand([sizes[k]]))[g]
    if gaussian:
        numpyro.sample("y", dist.Normal(eta, numpyro.sample("sigma", half())), obs=y)
    else:
        numpyro.sample("y", dist.Bernoulli(logits=eta), obs=y)


mcmc = MCMC(NUTS(model), num_warmup=args.warmup, num_samples=args.draws, progress_bar=False)
mcmc.run(jax.random.PRNGKey(1), extra_fields=("num_steps",))
samples = jax.block_until_ready(mcmc.get_samples(group_by_chain=True))
wall = time.time() - began

import arviz as az

posterior = {k: np.asarray(v) for k, v in samples.items() if not k.startswith("z")}
ess = az.ess(az.convert_to_dataset(posterior))
least = min(float(np.min(ess[k].values)) for k in posterior)
steps = float(np.mean(mcmc.get_extra_fields()["num_steps"]))
print(json.dumps({"program": f"numpyro {numpyro.__version__}", "wall": round(wall, 1), "least_ess": round(least), "per_second": round(least / wall, 3), "gradients_per_draw": round(steps, 1)}))
