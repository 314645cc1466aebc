# brms on a mixed-effects regression, one core, one chain: a peer for bridgewise fit.
# usage: Rscript peer_brms.R {gaussian|bernoulli} CSV FORMULA {flat|normal} [WARMUP] [DRAWS]
# Needs brms and a Stan back end: install.packages("brms") brings rstan, which needs a C++ compiler; exits with 3 where it is not there.
# Prints one JSON line; the clock runs over compiling, warm-up and sampling.
if (!suppressWarnings(suppressMessages(requireNamespace("brms", quietly = TRUE)))) {
  message("needs brms: install.packages('brms'), which brings rstan and needs a C++ compiler")
  quit(status = 3)
}
suppressMessages(library(brms))
args <- c(commandArgs(TRUE), "1000", "1000")[1:6]
data <- read.csv(args[2])
formula <- as.formula(args[3])
response <- all.vars(formula)[1]
if (is.character(data[[response]])) data[[response]] <- as.integer(factor(data[[response]])) - 1
family <- if (args[1] == "gaussian") gaussian() else bernoulli()
priors <- if (args[4] == "normal") set_prior("normal(0, 1e6)", class = "b") else NULL
warmup <- as.integer(args[5])
draws <- as.integer(args[6])
began <- proc.time()[["elapsed"]]
fit <- brm(formula, data, family, prior = priors, chains = 1, cores = 1, warmup = warmup, iter = warmup + draws, seed = 1, refresh = 0, silent = 2)
wall <- proc.time()[["elapsed"]] - began
summary <- posterior::summarise_draws(as_draws_array(fit, variable = c("^b_", "^sd_", "^sigma$"), regex = TRUE), "ess_bulk")
steps <- nuts_params(fit, "n_leapfrog__")$Value
least <- min(summary$ess_bulk)
cat(sprintf(
  '{"program": "brms %s", "wall": %.2f, "least_ess": %.0f, "per_second": %.3f, "gradients_per_draw": %.1f}\n',
  packageVersion("brms"), wall, least, least / wall, mean(steps)
))
