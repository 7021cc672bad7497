"""The losses of works.ts in PyTorch, as their reference code has them: value and gradient."""
import torch
import torch.nn.functional as F
from serve import serve

torch.manual_seed(0)


def label_aware(z, labels, epsilon):
    log_p = F.log_softmax(z, -1)
    nll = -log_p.gather(-1, labels[:, None]).squeeze(1)
    return ((1 - epsilon) * nll - epsilon * log_p.mean(-1)).mean()


def softmax_focal(z, labels):
    losses = F.cross_entropy(z, labels, reduction="none")
    return ((1 - torch.exp(-losses)) ** 2 * losses).mean()


def sigmoid_focal(z, labels, weights):
    y = F.one_hot(labels, z.shape[1]).float()
    p = torch.sigmoid(z)
    modulator = torch.pow((1 - p) * y + p * (1 - y), 2)
    losses = F.binary_cross_entropy_with_logits(z, y, reduction="none") * modulator
    return (losses * weights[labels][:, None]).sum() / z.shape[0]


def ldam(z, labels, margins):
    index = torch.zeros_like(z, dtype=torch.bool).scatter_(1, labels[:, None], True)
    return F.cross_entropy(30 * torch.where(index, z - margins[labels][:, None], z), labels)


def influence_balanced(z, labels, features, weights):
    grads = (F.softmax(z, 1) - F.one_hot(labels, z.shape[1])).abs().sum(1)
    influence = 1000 / (grads * features.abs().sum(1) + 0.001)
    return (F.cross_entropy(z, labels, reduction="none", weight=weights) * influence).mean()


def loss_of(kind, n, classes):
    labels = torch.arange(n) % classes
    counts = torch.ceil(500 * 0.01 ** (torch.arange(classes) / classes))
    weights, features = 1 / counts, torch.relu(torch.randn(n, 64))
    targets = F.one_hot(labels, classes) * 0.75 + 0.25 / classes
    return {
        "cross-entropy": lambda z: F.cross_entropy(z, labels),
        "label smoothing": lambda z: F.cross_entropy(z, labels, label_smoothing=0.1),
        "soft targets": lambda z: F.cross_entropy(z, targets),
        "class-balanced": lambda z: F.cross_entropy(z, labels, weight=weights),
        "balanced softmax": lambda z: F.cross_entropy(z + counts.log(), labels),
        "focal": lambda z: softmax_focal(z, labels),
        "class-balanced focal": lambda z: sigmoid_focal(z, labels, weights),
        "LDAM": lambda z: ldam(z, labels, weights),
        "label-aware smoothing": lambda z: label_aware(z, labels, weights[labels]),
        "influence-balanced": lambda z: influence_balanced(z, labels, features, weights),
    }[kind]


def make(work):
    loss = loss_of(work["kind"], work["rows"], work["classes"])
    z = torch.randn(work["rows"], work["classes"], requires_grad=True)

    def run():
        z.grad = None
        loss(z).backward()

    return [run]


serve(make)
