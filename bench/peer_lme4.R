# lme4's point estimate of a mixed-effects regression, one core: lmer (REML) or glmer (Laplace), its defaults.
# usage: Rscript peer_lme4.R {gaussian|bernoulli} CSV FORMULA      needs lme4 (Debian: r-cran-lme4); exits with 3 where it is not there
# Prints one JSON line: wall seconds of the fit alone, reading the file not counted; standard deviations of the groups and residual.
if (!suppressWarnings(suppressMessages(requireNamespace("lme4", quietly = TRUE)))) {
  message("needs lme4: install.packages('lme4'), or Debian's r-cran-lme4")
  quit(status = 3)
}
suppressMessages(library(lme4))
args <- commandArgs(TRUE)
data <- read.csv(args[2])
formula <- as.formula(args[3])
response <- all.vars(formula)[1]
if (is.character(data[[response]])) data[[response]] <- as.integer(factor(data[[response]])) - 1
elapsed <- system.time(suppressWarnings(suppressMessages(
  fit <- if (args[1] == "gaussian") lmer(formula, data) else glmer(formula, data, family = binomial)
)))[["elapsed"]]
sds <- as.data.frame(VarCorr(fit))
cat(sprintf(
  '{"program": "lme4 %s", "wall": %.2f, "sds": {%s}}\n', packageVersion("lme4"), elapsed,
  paste(sprintf('"%s": %.4f', sds$grp, sds$sdcor), collapse = ", ")
))
