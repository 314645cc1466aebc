/** What the methods cite. `short` stands in the text. */
export const REFERENCES = {
  brms: {
    short: "Bürkner 2017",
    full: "Bürkner, P.-C. (2017). brms: An R package for Bayesian multilevel models using Stan. Journal of Statistical Software, 80(1), 1–28.",
    doi: "10.18637/jss.v080.i01",
  },
  prism: {
    short: "Kirk et al. 2024",
    full: "Kirk, H. R., Whitefield, A., Röttger, P., et al. (2024). The PRISM alignment dataset: what participatory, representative and individualised human feedback reveals about the subjective and multicultural alignment of large language models. arXiv 2404.16019.",
    doi: "10.48550/arXiv.2404.16019",
  },
  hmc: {
    short: "Neal 2011",
    full: "Neal, R. M. (2011). MCMC using Hamiltonian dynamics. In S. Brooks, A. Gelman, G. L. Jones and X.-L. Meng (eds), Handbook of Markov Chain Monte Carlo, ch. 5. Chapman and Hall/CRC.",
    doi: "10.1201/b10905",
  },
  split: {
    short: "Shahbaba et al. 2014",
    full: "Shahbaba, B., Lan, S., Johnson, W. O. and Neal, R. M. (2014). Split Hamiltonian Monte Carlo. Statistics and Computing, 24, 339–349.",
    doi: "10.1007/s11222-012-9373-1",
  },
  mclachlan: {
    short: "McLachlan 1995",
    full: "McLachlan, R. I. (1995). On the numerical integration of ordinary differential equations by symmetric composition methods. SIAM Journal on Scientific Computing, 16(1), 151–168.",
    doi: "10.1137/0916010",
  },
  averaging: {
    short: "Hoffman and Gelman 2014",
    full: "Hoffman, M. D. and Gelman, A. (2014). The No-U-Turn sampler: adaptively setting path lengths in Hamiltonian Monte Carlo. Journal of Machine Learning Research, 15, 1593–1623.",
    doi: null,
  },
  philox: {
    short: "Salmon et al. 2011",
    full: "Salmon, J. K., Moraes, M. A., Dror, R. O. and Shaw, D. E. (2011). Parallel random numbers: as easy as 1, 2, 3. Proceedings of SC11.",
    doi: "10.1145/2063384.2063405",
  },
  rhat: {
    short: "Vehtari et al. 2021",
    full: "Vehtari, A., Gelman, A., Simpson, D., Carpenter, B. and Bürkner, P.-C. (2021). Rank-normalization, folding, and localization: an improved R-hat for assessing convergence of MCMC. Bayesian Analysis, 16(2), 667–718.",
    doi: "10.1214/20-BA1221",
  },
  energy: {
    short: "Betancourt 2016",
    full: "Betancourt, M. (2016). Diagnosing suboptimal cotangent disintegrations in Hamiltonian Monte Carlo. arXiv 1604.00695.",
    doi: "10.48550/arXiv.1604.00695",
  },
  loo: {
    short: "Vehtari et al. 2017",
    full: "Vehtari, A., Gelman, A. and Gabry, J. (2017). Practical Bayesian model evaluation using leave-one-out cross-validation and WAIC. Statistics and Computing, 27, 1413–1432.",
    doi: "10.1007/s11222-016-9696-4",
  },
  vif: {
    short: "Fox and Monette 1992",
    full: "Fox, J. and Monette, G. (1992). Generalized collinearity diagnostics. Journal of the American Statistical Association, 87(417), 178–183.",
    doi: "10.1080/01621459.1992.10475190",
  },
  checks: {
    short: "Gabry et al. 2019",
    full: "Gabry, J., Simpson, D., Vehtari, A., Betancourt, M. and Gelman, A. (2019). Visualization in Bayesian workflow. Journal of the Royal Statistical Society A, 182(2), 389–402.",
    doi: "10.1111/rssa.12378",
  },
  density: {
    short: "Silverman 1986",
    full: "Silverman, B. W. (1986). Density Estimation for Statistics and Data Analysis. Chapman and Hall, eq. 3.31.",
    doi: null,
  },
} as const satisfies Readonly<
  Record<string, { readonly short: string; readonly full: string; readonly doi: string | null }>
>;

export type ReferenceKey = keyof typeof REFERENCES;

const isKey = (key: string): key is ReferenceKey => Object.hasOwn(REFERENCES, key);

/** Keys in a text, in their order. */
export const citedIn = (text: string): ReferenceKey[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).filter(isKey);

/** The text as it is read: `{rhat}` becomes Vehtari et al. 2021. */
export const withCitations = (text: string): string =>
  text.replace(/\{(\w+)\}/g, (all, key: string) => (isKey(key) ? REFERENCES[key].short : all));
