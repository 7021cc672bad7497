"""Heads in plain PyTorch and scikit-learn: the yardsticks of own-head.ts; see turns/serve.py.

usage: heads.py WORK torch|scikit-learn FOLDER CLASSES DIM   (torch and scikit-learn; OMP_NUM_THREADS is heeded)
"""
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F
from serve import answer, from_here, megabytes, milliseconds

work, rival, folder, classes, dim = sys.argv[1:]
classes, dim = int(classes), int(dim)
torch.manual_seed(0)


def read(name):
    return torch.from_numpy(np.fromfile(pathlib.Path(folder, name), "<f4" if name.endswith("f32") else "<i4"))


if rival == "scikit-learn":
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import NearestCentroid, NearestNeighbors
    from sklearn.preprocessing import normalize

train, test = read("train.f32").reshape(-1, dim), read("test.f32").reshape(-1, dim)
labels, expected = read("train.i32").long(), read("test.i32").long()
weight, bias = read("weight.f32").reshape(-1, dim), read("bias.f32")
counts = torch.bincount(labels, minlength=classes)


def accuracy(predictions):
    return (torch.as_tensor(predictions) == expected[: len(predictions)]).float().mean().item()


order = torch.argsort(labels, stable=True)
begins = torch.cumsum(counts, 0) - counts


def balanced_batches():
    """Each class as often as any other, its rows at random."""
    of = torch.randint(classes, (len(labels),))
    places = begins[of] + (torch.rand(len(of)) * counts[of]).long()
    for rows in order[places].split(512):
        if len(rows) == 512:
            yield train[rows], labels[rows]


def trained(parameters, logits, epochs, of):
    """SGD with the published values; the rate by a cosine of `of` epochs."""
    optimizer = torch.optim.SGD(parameters, lr=0.2, momentum=0.9, weight_decay=5e-4)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, of)
    for _ in range(epochs):
        for x, y in balanced_batches():
            optimizer.zero_grad()
            F.cross_entropy(logits(x), y).backward()
            optimizer.step()
        scheduler.step()
    with torch.no_grad():
        return accuracy(logits(test[:1000]).argmax(1))


def crt():
    layer = torch.nn.Linear(dim, classes)
    return trained(layer.parameters(), layer, 1, 1)


def lws():
    """LearnableWeightScaling of the published code: a frozen linear layer, its logits times a scale."""
    scale = torch.ones(classes, requires_grad=True)
    return trained([scale], lambda x: F.linear(x, weight, bias) * scale, 5, 5)


def tau():
    """tau_norm.py: for each tau the weights are normalised, and all logits computed."""
    scores = []
    for power in np.linspace(0, 2, 21):
        normalised = weight / weight.norm(2, 1, keepdim=True) ** power
        scores.append(accuracy(torch.mm(test, normalised.t()).argmax(1)))
    return sum(scores) / 21


def class_means(rows):
    return torch.zeros(classes, dim).index_add_(0, labels, rows) / counts[:, None]


def ncm():
    centre = train.mean(0)
    means = class_means(F.normalize(train - centre, dim=1))
    queries = F.normalize(test - centre, dim=1)
    squares = (queries**2).sum(1, keepdim=True) - 2 * queries @ means.t() + (means**2).sum(1)
    return accuracy((-squares).argmax(1))


def ncm_scikit():
    x = train.numpy()
    centre = x.mean(0)
    model = NearestCentroid().fit(normalize(x - centre), labels.numpy())
    return accuracy(model.predict(normalize(test.numpy() - centre)))


votes = counts.float() ** -0.75
few = -(-len(expected) // 12)


def knn():
    rows, scores = F.normalize(train, dim=1), []
    chunk = -(-(2**24) // len(rows))
    for queries in F.normalize(test[:few], dim=1).split(chunk):
        nearest = labels[(queries @ rows.t()).topk(20, 1).indices]
        scores.append(torch.zeros(len(queries), classes).scatter_add_(1, nearest, votes[nearest]))
    return accuracy(torch.cat(scores).argmax(1))


def knn_scikit():
    """Of rows of one length the nearest are the likest, and scikit-learn's Euclidean way is its fast one."""
    model = NearestNeighbors(n_neighbors=20, algorithm="brute").fit(normalize(train.numpy()))
    nearest = labels[model.kneighbors(normalize(test[:few].numpy()), return_distance=False)]
    scores = torch.zeros(few, classes).scatter_add_(1, nearest, votes[nearest])
    return accuracy(scores.argmax(1))


def lda():
    means = class_means(train)
    spread = (counts > 1).sum()
    roots = torch.where(counts > 1, 1 / (counts * spread), 0).sqrt()
    apart = (train - means[labels]) * roots[labels][:, None]
    covariance = apart.t() @ apart
    scale = covariance.diagonal().mean()
    shrunk = 0.7 * covariance
    shrunk.diagonal().add_(0.3 * scale)
    weights = torch.cholesky_solve(means.t(), torch.linalg.cholesky(shrunk)).t()
    return accuracy((test[:1000] @ weights.t() - (weights * means).sum(1) / 2).argmax(1))


def lda_scikit():
    priors = np.full(classes, 1 / classes)
    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=0.3, priors=priors)
    return accuracy(model.fit(train.numpy(), labels.numpy()).predict(test[:1000].numpy()))


def logistic_scikit():
    """Gives its objective, divided by the number of rows, as ours."""
    model = LogisticRegression(max_iter=1000).fit(train.numpy(), labels.numpy())
    w, b = torch.from_numpy(model.coef_), torch.from_numpy(model.intercept_)
    likelihood = F.cross_entropy(F.linear(train.double(), w.double(), b.double()), labels)
    return (likelihood + (w.double() ** 2).sum() / (2 * len(labels))).item()


run = globals()[work + ("_scikit" if rival == "scikit-learn" else "")]
found = []


def fit():
    found[:] = [run()]


from_here()
idle = megabytes("VmRSS")
answer(lambda _: milliseconds(fit), lambda: [megabytes("VmHWM") - idle, *found])
