"""Writes uncertainty.json beside it: SciPy's and statsmodels' numbers for what the package computes of uncertainty."""
import json
import pathlib

import numpy as np
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

rng = np.random.default_rng(0)


def mid_p(b, c):
    """Fagerland, Lydersen and Laake (2013): outcomes less likely than the observed one, and half of those as likely."""
    n = b + c
    if n == 0:
        return 1.0
    pmf = stats.binom.pmf(np.arange(n + 1), n, 0.5)
    if b == c:
        return 1 - pmf[b] / 2
    k = min(b, c)
    return 2 * stats.binom.cdf(k - 1, n, 0.5) + pmf[k]


wilson = []
for hits, rows in [(0, 1), (1, 1), (0, 30), (8, 10), (50, 50), (137, 500), (49_999, 50_000)]:
    for confidence in (0.8, 0.95, 0.999):
        low, high = proportion_confint(hits, rows, 1 - confidence, "wilson")
        wilson.append({"hits": hits, "rows": rows, "confidence": confidence, "low": low, "high": high})

tests = []
for b, c in [(0, 0), (0, 1), (1, 7), (5, 5), (16, 6), (30, 12), (250, 300), (4000, 4200), (20_000, 20_500), (0, 900)]:
    exact = mcnemar([[10, b], [c, 10]], exact=True).pvalue
    tests.append({"onlyFirst": b, "onlySecond": c, "exact": min(1.0, exact), "midP": mid_p(b, c)})

holm = []
for size in (1, 2, 7, 40):
    p = rng.beta(0.3, 2, size).tolist()
    if size > 5:
        p[3] = p[1]
    holm.append({"p": p, "adjusted": multipletests(p, method="holm")[1].tolist()})

z = [-37.5, -9, -5.1, -2, -1.99, -1, -1e-3, 0, 0.3, 1.5, 2.8284271247461903, 4, 8]
p = [1e-300, 1e-20, 1e-6, 0.001, 0.025, 0.2, 0.4999, 0.5, 0.7, 0.975, 0.999999]
normal = {"z": z, "cdf": stats.norm.cdf(z).tolist(), "p": p, "quantile": stats.norm.ppf(p).tolist()}
chi_square = [
    {"x": x, "degrees": k, "above": stats.chi2.sf(x, k)}
    for k in (1, 2, 3, 4, 9, 20)
    for x in (0, 0.01, 0.7, 3.3, 12.5, 60, 400)
]

wilcoxon = []
for size, digits in [(1, 6), (5, 6), (12, 6), (40, 6), (50, 6), (11, 1), (13, 1), (60, 6), (200, 1)]:
    first = np.round(rng.normal(0.5, 1, size), digits)
    second = np.round(rng.normal(0.2, 1, size), digits)
    kept = (first - second) != 0
    if size > 50:
        method = "asymptotic"
    elif digits == 6:
        method = "exact"
    else:  # Equal sizes: all signs.
        method = stats.PermutationMethod(n_resamples=2**14)
    found = stats.wilcoxon(first[kept], second[kept], method=method)
    wilcoxon.append({"first": first.tolist(), "second": second.tolist(), "statistic": found.statistic, "p": found.pvalue})

friedman = []
for sets, methods, digits in [(3, 3, 6), (10, 4, 6), (30, 7, 6), (12, 5, 1)]:
    scores = np.round(rng.random((sets, methods)) + np.linspace(0, 0.5, methods), digits)
    found = stats.friedmanchisquare(*scores.T)
    ranks = stats.rankdata(-scores, axis=1).mean(0)
    friedman.append({"scores": scores.tolist(), "statistic": found.statistic, "p": found.pvalue, "meanRanks": ranks.tolist()})

nemenyi = [
    {"methods": k, "dataSets": n, "confidence": c,
     "difference": stats.studentized_range.ppf(c, k, np.inf) / np.sqrt(2) * np.sqrt(k * (k + 1) / (6 * n))}
    for k, n, c in [(2, 10, 0.95), (4, 14, 0.9), (5, 30, 0.95), (10, 8, 0.99), (30, 20, 0.95)]
]


# BCa of a stratified statistic: given replicates, and as a whole. Hits of four classes; the mean of their shares, weighted.
def share(*samples, axis=-1):
    return sum(w * np.mean(s, axis=axis) for w, s in zip((0.1, 0.2, 0.3, 0.4), samples))


bca = []
for seed, sizes in enumerate([(40, 30, 20, 8), (200, 100, 50, 3), (9, 8, 7, 6)]):
    rng = np.random.default_rng(seed)
    samples = [(rng.random(n) < q).astype(float) for n, q in zip(sizes, (0.95, 0.8, 0.6, 0.25))]
    # Multiples of 1/1024, so that they are short; equal ones are among them.
    given = np.round(share(*[rng.choice(s, (500, len(s))) for s in samples]) * 1024) / 1024
    case = {"samples": [s.astype(int).tolist() for s in samples], "replicates": given.tolist(), "intervals": []}
    previous = stats.bootstrap(samples, share, n_resamples=500, rng=seed, method="percentile")
    previous.bootstrap_distribution = given
    for confidence in (0.8, 0.95, 0.99):
        found = stats.bootstrap(samples, share, n_resamples=0, bootstrap_result=previous, confidence_level=confidence, method="BCa")
        case["intervals"].append({"confidence": confidence, "low": found.confidence_interval.low, "high": found.confidence_interval.high})
    whole = stats.bootstrap(samples, share, n_resamples=20_000, rng=seed, method="BCa")
    case["whole"] = {"low": whole.confidence_interval.low, "high": whole.confidence_interval.high, "standardError": whole.standard_error}
    bca.append(case)

pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps({
    "wilson": wilson, "mcnemar": tests, "holm": holm, "normal": normal, "chiSquare": chi_square,
    "wilcoxon": wilcoxon, "friedman": friedman, "nemenyi": nemenyi, "bca": bca,
}) + "\n")
