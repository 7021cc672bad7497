"""Writes losses.json beside it: every loss and its gradient by plain PyTorch formulas in float64, on float32 inputs.

The formulas are the papers' or their official code's, not rearranged for safety: where they give no number, null is written.
"""
import json
import math
import pathlib

import torch
import torch.nn.functional as F

HERE = pathlib.Path(__file__).parent
NOISE = json.loads((HERE / "noise.json").read_text())


def draw(seed, counts, n, scale):
    torch.manual_seed(seed)
    c = len(counts)
    present = torch.tensor([k for k in range(c) if counts[k] > 0])
    return {
        "counts": counts,
        "logits": torch.randn(n, c) * scale,
        "labels": present[torch.randint(0, len(present), (n,))],
        "soft": torch.softmax(torch.randn(n, c) * 2, 1),
        "features": torch.relu(torch.randn(n, 3)),
    }


INPUTS = {
    "small": draw(0, [100, 30, 0, 10, 3], 6, 1),
    "wide": draw(1, [5000, 997, 600, 500, 120, 99, 20, 19, 5], 4, 20),
    "one": draw(2, [7], 3, 1),
    "huge": draw(3, [50, 20, 10, 5], 4, 1),
}
INPUTS["huge"]["logits"] = INPUTS["huge"]["logits"].sign() * 1e4


def total(counts):
    return float(sum(counts))


def scaled(raw):
    raw = torch.tensor(raw, dtype=torch.float64)
    return raw * len(raw) / raw.sum()


def effective(counts, beta):
    return scaled([0.0 if n == 0 else (1 - beta) / (1 - beta**n) for n in counts])


def inverse(counts, power):
    return scaled([0.0 if n == 0 else (1 / n) ** power for n in counts])


def floored(counts):
    least = min(n for n in counts if n > 0)
    return [max(n, least) for n in counts]


def weighted(x, weights):
    """The mean by the weights' sum, also of soft targets."""
    if "soft" not in x["use"]:
        return F.cross_entropy(x["logits"], x["labels"], weight=weights)
    t = x["soft"] * weights
    return -(t * torch.log_softmax(x["logits"], 1)).sum() / t.sum()


def weighted_by_count(x, weights):
    """tf.losses.softmax_cross_entropy's mean, SUM_BY_NONZERO_WEIGHTS: by N, for no label of a batch weighs nothing."""
    t = (x["soft"] if "soft" in x["use"] else one_hot(x)) * weights
    return -(t * torch.log_softmax(x["logits"], 1)).sum(1).mean()


def cross_entropy(x, smoothing=0.0):
    return F.cross_entropy(x["logits"], x["soft"] if "soft" in x["use"] else x["labels"], label_smoothing=smoothing)


def shifted(x, shift):
    return cross_entropy({**x, "logits": x["logits"] + torch.tensor(shift, dtype=torch.float64)})


def log_priors(counts, tau=1.0):
    return [tau * math.log(max(n / total(counts), 1e-9)) for n in counts]


def one_hot(x):
    return F.one_hot(x["labels"], len(x["counts"])).double()


def softmax_focal(x, gamma, weights=None):
    p = torch.softmax(x["logits"], 1).gather(1, x["labels"][:, None])[:, 0]
    ce = F.cross_entropy(x["logits"], x["labels"], reduction="none")
    return ((1 if weights is None else weights[x["labels"]]) * (1 - p) ** gamma * ce).mean()


def sigmoid_focal(x, gamma, weights=None):
    y, p = one_hot(x), torch.sigmoid(x["logits"])
    bce = F.binary_cross_entropy_with_logits(x["logits"], y, reduction="none")
    modulator = 1 if gamma == 0 else ((1 - p) * y + p * (1 - y)) ** gamma
    w = 1 if weights is None else weights[x["labels"]][:, None]
    return (w * modulator * bce).sum() / len(y)


def ldam(x, weights=None):
    raw = torch.tensor([n**-0.25 for n in floored(x["counts"])], dtype=torch.float64)
    margins = raw * 0.5 / raw.max()
    z = torch.where(one_hot(x) > 0, x["logits"] - margins, x["logits"])
    return F.cross_entropy(30 * z, x["labels"], weight=weights)


def label_aware(x, shape, head=0.4, tail=0.1):
    n = torch.tensor(floored(x["counts"]), dtype=torch.float64)
    n_1, n_k = n.max(), n.min()
    angle = (n - n_k) * math.pi / (2 * (n_1 - n_k)) if n_1 > n_k else torch.zeros_like(n)
    epsilon = {
        "concave": tail + (head - tail) * torch.sin(angle),
        "linear": tail + (head - tail) * angle * 2 / math.pi,
        "convex": head + (head - tail) * torch.sin(1.5 * math.pi + angle),
    }[shape][x["labels"]]
    log_p = torch.log_softmax(x["logits"], 1)
    nll = -log_p.gather(1, x["labels"][:, None])[:, 0]
    return ((1 - epsilon) * nll - epsilon * log_p.mean(1)).mean()


def cdt(x, gamma=0.2):
    n = floored(x["counts"])
    a = torch.tensor([(max(n) / k) ** gamma for k in n], dtype=torch.float64)
    return cross_entropy({**x, "logits": x["logits"] / a})


def rare(x, threshold):
    return torch.tensor([float(n / total(x["counts"]) < threshold) for n in x["counts"]], dtype=torch.float64)


def seql(x, gamma=0.9, threshold=0.05):
    beta = (torch.tensor(x["noise"]["equalization"]).reshape(x["logits"].shape) < gamma).double()
    w = 1 - beta * rare(x, threshold) * (1 - one_hot(x))
    p = torch.exp(x["logits"]) / (w * torch.exp(x["logits"])).sum(1, keepdim=True)
    return F.nll_loss(torch.log(p), x["labels"])


def eql(x, threshold=0.05):
    w = 1 - rare(x, threshold) * (1 - one_hot(x))
    return (w * F.binary_cross_entropy_with_logits(x["logits"], one_hot(x), reduction="none")).sum() / len(w)


def influence_balanced(x, alpha=1000.0):
    norm = x["features"].abs().sum(1)
    grads = (torch.softmax(x["logits"], 1) - one_hot(x)).abs().sum(1)
    ce = F.cross_entropy(x["logits"], x["labels"], reduction="none")
    return (inverse(x["counts"], 1)[x["labels"]] * ce * alpha / (grads * norm + 0.001)).mean()


def gcl(x, margin=0.1, weights=None, scale=30, gamma=0):
    log_n = torch.log(torch.tensor(floored(x["counts"]), dtype=torch.float64))
    sizes = log_n.max() - log_n
    noise = torch.tensor(x["noise"]["gcl"]).double().reshape(x["logits"].shape).clamp(-1, 1).abs()
    z = x["logits"] - (0.5 * noise / sizes.max() * sizes if sizes.max() > 0 else 0)
    if x["use"] == "hard" and gamma == 0:
        return F.cross_entropy(scale * torch.where(one_hot(x) > 0, z - margin, z), x["labels"], weight=weights)
    total = 0
    for c in range(z.shape[1]):  # what the rows cost were their label c, times the share of that label
        label = F.one_hot(torch.tensor(c), z.shape[1]).double()
        ce = -torch.log_softmax(scale * (z - margin * label), 1)[:, c]
        p = torch.exp(-ce).detach()
        share = one_hot(x)[:, c] if x["use"] == "hard" else x["soft"][:, c]
        total = total + (share * (1 - p) ** gamma * ce).mean()
    return total


def hard_and_soft(name, run):
    return {name: (run, "hard"), f"{name} of soft targets": (run, "soft")}


LOSSES = {
    **hard_and_soft("crossEntropy", cross_entropy),
    **hard_and_soft("label smoothing", lambda x: cross_entropy(x, 0.1)),
    **hard_and_soft("balancedSoftmax", lambda x: shifted(x, log_priors(x["counts"]))),
    **hard_and_soft("logitAdjusted", lambda x: shifted(x, log_priors(x["counts"], 1.5))),
    **hard_and_soft("ladeCrossEntropy", lambda x: shifted(x, [math.log(n / total(x["counts"]) + 1e-9) for n in x["counts"]])),
    **hard_and_soft("cdt", cdt),
    **hard_and_soft("costSensitive", lambda x: weighted(x, inverse(x["counts"], 0.5))),
    **hard_and_soft("grw", lambda x: weighted(x, inverse(x["counts"], 1.2))),
    **hard_and_soft("classBalanced", lambda x: weighted(x, effective(x["counts"], 0.9999))),
    **hard_and_soft("classBalanced by count", lambda x: weighted_by_count(x, effective(x["counts"], 0.9999))),
    "classBalanced sigmoid": (lambda x: sigmoid_focal(x, 0, effective(x["counts"], 0.9999)), "hard"),
    "classBalanced focal": (lambda x: sigmoid_focal(x, 0.5, effective(x["counts"], 0.9999)), "hard"),
    "focal": (lambda x: softmax_focal(x, 2), "hard"),
    "focal, weights, gamma 0.5": (lambda x: softmax_focal(x, 0.5, effective(x["counts"], 0.99)), "hard"),
    "focal sigmoid": (lambda x: sigmoid_focal(x, 2), "hard"),
    "ldam": (ldam, "hard"),
    "ldam-drw": (lambda x: ldam(x, effective(x["counts"], 0.9999)), "hard"),
    "labelAwareSmoothing concave": (lambda x: label_aware(x, "concave"), "hard"),
    "labelAwareSmoothing linear": (lambda x: label_aware(x, "linear"), "hard"),
    "labelAwareSmoothing convex": (lambda x: label_aware(x, "convex"), "hard"),
    "equalization": (seql, "hard"),
    "equalization sigmoid": (eql, "hard"),
    "influenceBalanced": (influence_balanced, "hard"),
    **hard_and_soft("gcl", gcl),
    **hard_and_soft("gcl, stage 2", lambda x: gcl(x, scale=20, gamma=1)),
    "gcl, weights": (lambda x: gcl(x, 0, effective(x["counts"], 0.9999)), "hard"),
}


def numbers(tensor):
    """Nine digits; nothing where the formula gives no number."""
    flat = [float(f"{v:.9g}") for v in tensor.detach().double().flatten().tolist()]
    return flat if all(map(math.isfinite, flat)) else None


def case(name, run, use, key, given):
    x = {k: v.double() if torch.is_tensor(v) and v.is_floating_point() else v for k, v in given.items()}
    logits, features = x["logits"].clone().requires_grad_(), x["features"].clone().requires_grad_()
    loss = run({**x, "logits": logits, "features": features, "noise": NOISE[key], "use": use})
    loss.backward()
    found = {"loss": name, "input": key, "value": numbers(loss), "gradient": numbers(logits.grad)}
    return found if features.grad is None else {**found, "featureGradient": numbers(features.grad)}


def plain(given):
    return {k: numbers(v) if torch.is_tensor(v) else v for k, v in given.items()}


cases = [case(name, run, use, key, given) for name, (run, use) in LOSSES.items() for key, given in INPUTS.items()]
golden = {"inputs": {key: plain(given) for key, given in INPUTS.items()}, "cases": cases}
(HERE / "losses.json").write_text(json.dumps(golden) + "\n")
