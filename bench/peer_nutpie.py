"""nutpie (PyMC's model, numba) on a mixed-effects regression, non-centred, one core, one chain: a peer for bridgewise fit.

usage: peer_nutpie.py and regression.py's arguments. Needs nutpie, pymc, arviz, pandas. Prints one JSON line; the clock runs from the
import to the last draw, compiling included, reading the file not counted.
"""
import time

from regression import Regression, report

model = Regression()
began = time.time()
import numpy as np
import nutpie
import pymc as pm

with pm.Model() as program:
    eta = pm.StudentT("b0", nu=3, mu=model.location, sigma=model.scale)
    columns = model.X.shape[1]
    if columns:
        b = pm.Flat("b", shape=columns) if model.flat_b else pm.Normal("b", 0, 1e6, shape=columns)
        eta = eta + pm.math.dot(model.X, b)
    for k, g in enumerate(model.groups):
        z = pm.Normal(f"z{k}", shape=model.sizes[k])
        eta = eta + pm.HalfStudentT(f"sd{k}", nu=3, sigma=model.scale) * z[g]
    if model.gaussian:
        pm.Normal("y", eta, pm.HalfStudentT("sigma", nu=3, sigma=model.scale), observed=model.y)
    else:
        pm.Bernoulli("y", logit_p=eta, observed=model.y.astype(int))
    names = ["b0", *(["b"] if columns else []), *[f"sd{k}" for k in range(len(model.groups))], *(["sigma"] if model.gaussian else [])]

compiled = nutpie.compile_pymc_model(program)
trace = nutpie.sample(compiled, draws=model.draws, tune=model.warmup, chains=1, cores=1, seed=1, progress_bar=False)
wall = time.time() - began
report(
    f"nutpie {nutpie.__version__}",
    {name: np.asarray(trace.posterior[name]) for name in names},
    wall,
    float(np.mean(trace.sample_stats["n_steps"])),
)
