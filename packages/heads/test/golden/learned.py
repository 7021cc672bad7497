"""Writes learned.json beside it: loss curve and weights of plain PyTorch after each head's stage 2, in float64, on the long-tailed
problem of ../long-tail.ts: five classes of 640, 256, 96, 31 and 1 rows.

usage: learned.py   (torch)
"""
import json
import pathlib

import torch
from torch.nn.functional import cross_entropy, normalize

ROWS, BATCH, CLASSES, DIM = 1024, 512, 5, 4
COUNTS = torch.tensor([640, 256, 96, 31, 1])
PRIOR = (COUNTS / COUNTS.sum()).double().log()


def wave(rows, columns, frequency):
    """Numbers that anyone can make again: sin(frequency (k + 1)), k = 0, 1, ... row by row, rounded to float32."""
    return torch.sin(frequency * torch.arange(1, rows * columns + 1, dtype=torch.float64)).reshape(rows, columns).float()


LABELS = torch.repeat_interleave(torch.arange(CLASSES), COUNTS)[torch.arange(ROWS) * 389 % ROWS]
FEATURES = (wave(ROWS, DIM, 0.7) + torch.nn.functional.one_hot(LABELS, CLASSES)[:, :DIM]).double()
WEIGHT, BIAS = wave(CLASSES, DIM, 0.3).double(), wave(1, CLASSES, 0.9)[0].double()


def train(groups, logits, loss, *, epochs, rate, decay, after_step=lambda: None, after_epoch=lambda: None):
    """Mean loss of each epoch; the rate is a cosine from the full one on, stepped after an epoch."""
    optimizer = torch.optim.SGD(groups, lr=rate, momentum=0.9, weight_decay=decay)
    scheduler = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda epoch: (1 + torch.cos(torch.tensor(epoch / epochs * torch.pi, dtype=torch.float64)).item()) / 2
    )
    means = []
    for _ in range(epochs):
        values = []
        for first in range(0, ROWS, BATCH):
            optimizer.zero_grad()
            rows = slice(first, first + BATCH)
            value = loss(logits(FEATURES[rows]), LABELS[rows])
            value.backward()
            optimizer.step()
            with torch.no_grad():
                after_step()
            values.append(value.item())
        scheduler.step()
        with torch.no_grad():
            after_epoch()
        means.append(sum(values) / len(values))
    return means


def parameters():
    return WEIGHT.clone().requires_grad_(), BIAS.clone().requires_grad_()


def adjusted(tau):
    return lambda z, y: cross_entropy(z + tau * PRIOR, y)


def logit_adjusted(tau):
    w, b = parameters()
    losses = train([w, b], lambda x: x @ w.T + b, adjusted(tau), epochs=10, rate=0.2, decay=5e-4)
    return {"losses": losses, "weight": w, "bias": b}


def cosine():
    w, _ = parameters()
    losses = train([w], lambda x: 25 * normalize(x) @ normalize(w).T, adjusted(1), epochs=10, rate=0.02, decay=5e-4)
    return {"losses": losses, "weight": w}


def normed():
    w, _ = parameters()
    losses = train([w], lambda x: 10 * x @ normalize(w).T, adjusted(1), epochs=10, rate=0.02, decay=5e-4)
    return {"losses": losses, "weight": w}


def weighted(weights):
    return lambda z, y: cross_entropy(z, y, weight=weights)


def effective_number(beta=0.9999):
    weights = (1 - beta) / (1 - beta ** COUNTS.double())
    return weights * CLASSES / weights.sum()


def max_norm(project, radius=None):
    w, b = parameters()
    norms = WEIGHT.norm(dim=1)
    limit = norms.min() + 0.1 * (norms.max() - norms.min()) if radius is None else radius

    def cut_back():
        w.mul_((limit / w.norm(dim=1)).clamp(max=1)[:, None])

    hooks = {f"after_{project}": cut_back}
    losses = train([w, b], lambda x: x @ w.T + b, weighted(effective_number()), epochs=10, rate=0.01, decay=0.1, **hooks)
    return {"losses": losses, "weight": w, "bias": b}


def grw(rho=1.2):
    weights = (COUNTS / COUNTS.sum()).double() ** -rho
    return weights * CLASSES / weights.sum()


def marc():
    omega, beta = torch.ones_like(BIAS).requires_grad_(), torch.zeros_like(BIAS).requires_grad_()
    norms = WEIGHT.norm(dim=1)
    losses = train([omega, beta], lambda x: omega * (x @ WEIGHT.T + BIAS) + beta * norms, weighted(grw()), epochs=10, rate=0.05, decay=5e-4)
    return {"losses": losses, "weight": omega[:, None] * WEIGHT, "bias": omega * BIAS + beta * norms}


def dis_align():
    scale, margin = torch.ones_like(BIAS).requires_grad_(), torch.zeros_like(BIAS).requires_grad_()
    v, u = torch.full((1, DIM), 0.1).double().requires_grad_(), torch.zeros(1).double().requires_grad_()

    def logits(x):
        z, confidence = x @ WEIGHT.T + BIAS, torch.sigmoid(x @ v.T + u)
        return (1 + confidence * scale) * z + confidence * margin

    losses = train([scale, margin, v, u], logits, weighted(grw()), epochs=10, rate=0.1, decay=5e-4)
    return {"losses": losses, "logit_scale": scale, "logit_bias": margin, "confidence_layer.weight": v, "confidence_layer.bias": u}


def lws(loss, *, head_rate, rate, epochs):
    (w, b), scale = parameters(), torch.ones_like(BIAS).requires_grad_()
    groups = [{"params": [w, b], "lr": head_rate * rate}, {"params": [scale]}]
    losses = train(groups, lambda x: scale * (x @ w.T + b), loss, epochs=epochs, rate=rate, decay=5e-4)
    return {"losses": losses, "weight": w, "bias": b, "scale": scale}


def label_aware_smoothing(head, tail):
    share = (COUNTS - COUNTS.min()) / (COUNTS.max() - COUNTS.min())
    epsilon = tail + (head - tail) * torch.sin(share.double() * torch.pi / 2)

    def loss(z, y):
        own, e = -z.log_softmax(1), epsilon[y]
        return ((1 - e) * own.gather(1, y[:, None])[:, 0] + e * own.mean(1)).mean()

    return loss


def mislas(head_rate):
    learned = lws(label_aware_smoothing(0.3, 0), head_rate=head_rate, rate=0.1, epochs=10)
    scale = learned["scale"]
    return {"losses": learned["losses"], "weight": scale[:, None] * learned["weight"], "bias": scale * learned["bias"]}


def los(smoothing, **how):
    w, b = parameters()
    losses = train([w, b], lambda x: x @ w.T + b, lambda z, y: cross_entropy(z, y, label_smoothing=smoothing), **how)
    return {"losses": losses, "weight": w, "bias": b}


def tau_experts():
    experts = [logit_adjusted(tau) for tau in (0, 1, 2)]
    mean = {key: torch.stack([expert[key] for expert in experts]).mean(0) for key in ("weight", "bias")}
    return {"losses": [value for expert in experts for value in expert["losses"]], **mean}


def mixed_up():
    w, b = parameters()

    def logits(x):
        return (0.7 * x + 0.3 * x.flip(0)) @ w.T + b

    def loss(z, y):
        targets = torch.nn.functional.one_hot(y, CLASSES).double()
        return cross_entropy(z, 0.7 * targets + 0.3 * targets.flip(0))

    losses = train([w, b], logits, loss, epochs=10, rate=0.2, decay=5e-4)
    return {"losses": losses, "weight": w, "bias": b}


def tde(*, parts, scale, gamma, alpha, mu):
    (w, _), mean = parameters(), torch.zeros(DIM).double()

    def logits(x, taken=0):
        z = 0
        for xk, wk, dk in zip(x.chunk(parts, 1), w.chunk(parts, 1), mean.chunk(parts)):
            xk, d = normalize(xk), normalize(dk, dim=0)
            xk = xk - taken * (xk @ d)[:, None] * d
            z = z + xk @ (wk / (wk.norm(dim=1, keepdim=True) + gamma)).T
        return z * scale / parts

    def seen(x):
        nonlocal mean
        mean = mu * mean + x.mean(0)
        return logits(x)

    losses = train([w], seen, cross_entropy, epochs=10, rate=0.2, decay=5e-4)
    return {"losses": losses, "weight": w, "mean": mean, "logits": logits(FEATURES[:20], alpha)}


def gcl(amplitude=0.5, noise=0.25, margin=0.1, scale=20, gamma=1):
    """Stage 2 with clouds that are not drawn."""
    w, _ = parameters()
    sizes = COUNTS.double().log().max() - COUNTS.double().log()
    cloud = amplitude * noise * sizes / sizes.max()

    def loss(z, y):
        ce = cross_entropy(scale * (z - cloud - margin * torch.nn.functional.one_hot(y, CLASSES)), y, reduction="none")
        return ((1 - torch.exp(-ce).detach()) ** gamma * ce).mean()

    cosines = lambda x: normalize(x) @ normalize(w).T
    losses = train([w], cosines, loss, epochs=30, rate=0.002, decay=2e-4)
    return {"losses": losses, "weight": w, "logits": scale * cosines(FEATURES[:20])}


HEADS = {
    "balancedSoftmax": lambda: logit_adjusted(1),
    "logitAdjusted": lambda: logit_adjusted(1.5),
    "cosine": cosine,
    "normed": normed,
    "maxNorm": lambda: max_norm("step"),
    "maxNormByEpoch": lambda: max_norm("epoch"),
    "maxNormOfClasses": lambda: max_norm("step", torch.tensor([0.5, 1, 1.5, 2, 9])),
    "marc": marc,
    "disAlign": dis_align,
    "lwsWithHead": lambda: lws(cross_entropy, head_rate=0.2, rate=0.2, epochs=5),
    "mislas": lambda: mislas(0.05),
    "mislasOfCifar": lambda: mislas(0.2),
    "los": lambda: los(0.98, epochs=20, rate=5e-4, decay=0),
    "losByDecay": lambda: los(0.9, epochs=20, rate=0.05, decay=5e-3),
    "tauExperts": tau_experts,
    "mixedUp": mixed_up,
    "gcl": gcl,
    "tde": lambda: tde(parts=2, scale=16, gamma=1 / 32, alpha=1, mu=1),
    "tdeOfOnePart": lambda: tde(parts=1, scale=8, gamma=0.1, alpha=1.5, mu=0.9),
}
plain = {
    name: {key: value.detach().flatten().tolist() if torch.is_tensor(value) else value for key, value in run().items()}
    for name, run in HEADS.items()
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(plain) + "\n")
