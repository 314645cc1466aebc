"""NumPyro's NUTS on a mixed-effects regression, non-centred, one core, one chain: a peer for bridgewise fit.

usage: peer_numpyro.py and regression.py's arguments. Needs numpyro, arviz, pandas. Prints one JSON line; the clock runs from the
import to the last draw, reading the file not counted.
"""
import time

from regression import Regression, report

model = Regression()
began = time.time()
import jax
import numpy as np
import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS

jax.config.update("jax_enable_x64", True)


def half():
    return dist.FoldedDistribution(dist.StudentT(3, 0.0, model.scale))


def program():
    eta = numpyro.sample("b0", dist.StudentT(3, model.location, model.scale))
    columns = model.X.shape[1]
    if columns:
        flat = dist.ImproperUniform(dist.constraints.real_vector, (), (columns,))
        eta = eta + model.X @ numpyro.sample("b", flat if model.flat_b else dist.Normal(0, 1e6).expand([columns]))
    for k, g in enumerate(model.groups):
        z = numpyro.sample(f"z{k}", dist.Normal().expand([model.sizes[k]]))
        eta = eta + numpyro.sample(f"sd{k}", half()) * z[g]
    if model.gaussian:
        numpyro.sample("y", dist.Normal(eta, numpyro.sample("sigma", half())), obs=model.y)
    else:
        numpyro.sample("y", dist.Bernoulli(logits=eta), obs=model.y)


mcmc = MCMC(NUTS(program), num_warmup=model.warmup, num_samples=model.draws, progress_bar=False)
mcmc.run(jax.random.PRNGKey(1), extra_fields=("num_steps",))
samples = jax.block_until_ready(mcmc.get_samples(group_by_chain=True))
wall = time.time() - began
report(
    f"numpyro {numpyro.__version__}",
    {name: np.asarray(draws) for name, draws in samples.items() if not name.startswith("z")},
    wall,
    float(np.mean(mcmc.get_extra_fields()["num_steps"])),
)
