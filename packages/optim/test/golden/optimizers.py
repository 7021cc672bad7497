"""Writes optimizers.json beside it: ten steps of PyTorch's optimizers from the same weights, gradients and rates."""
import json
import pathlib

import torch
from timm.utils import ModelEmaV2

STEPS = 10
generator = torch.Generator().manual_seed(0)
WEIGHTS = [torch.randn(3, 2, generator=generator), torch.randn(2, generator=generator)]
GRADIENTS = [[torch.randn(w.shape, generator=generator) * 2.0 ** (step % 4 - 2) for w in WEIGHTS] for step in range(STEPS)]
RATES = [0.1 / (1 + step) for step in range(STEPS)]


def torch_optimizer(name, groups, options):
    options = {**options}
    if name == "sgd":
        options.pop("decoupled", None)
        return torch.optim.SGD(groups, lr=0.1, **{"momentum": 0.9, **options})
    return {"adam": torch.optim.Adam, "adamW": torch.optim.AdamW}[name](groups, lr=0.1, **options)


def case(name, options=None, groups=({}, {}), clip=None, missing=()):
    """groups: rate and weight_decay of w and of b; missing: the steps in which b has no gradient."""
    options = options or {}
    weights = [w.clone().requires_grad_() for w in WEIGHTS]
    decays = [{k: v for k, v in group.items() if k == "weight_decay"} for group in groups]
    decoupled = name == "sgd" and options.get("decoupled", False)
    given = {**options, "weight_decay": 0} if decoupled else options
    optimizer = torch_optimizer(name, [{"params": [w], **({} if decoupled else decay)} for w, decay in zip(weights, decays)], given)
    path = []
    for step, (gradients, rate) in enumerate(zip(GRADIENTS, RATES)):
        for i, (w, g) in enumerate(zip(weights, gradients)):
            w.grad = None if i == 1 and step in missing else g.clone()
        if clip and "norm" in clip:
            torch.nn.utils.clip_grad_norm_(weights, clip["norm"])
        if clip and "value" in clip:
            torch.nn.utils.clip_grad_value_(weights, clip["value"])
        for w, group, own in zip(weights, groups, optimizer.param_groups):
            own["lr"] = rate * group.get("rate", 1)
            if decoupled:  # PyTorch has no SGDW: the weights shrink as in its AdamW
                decay = group.get("weight_decay", options.get("weight_decay", 0))
                with torch.no_grad():
                    w.mul_(1 - own["lr"] * decay)
        optimizer.step()
        path.append([w.flatten().tolist() for w in weights])
    names = {"weight_decay": "weightDecay", "eps": "epsilon"}
    rename = lambda d: {names.get(k, k): v for k, v in d.items()}
    return {
        "optimizer": name,
        "options": {**rename(options), **({"clip": clip} if clip else {})},
        "groups": [rename(group) for group in groups],
        "missing": list(missing),
        "path": path,
    }


def averages(decay):
    """timm's ModelEmaV2, and AveragedModel after a first update before the first step: the same."""
    model = torch.nn.Linear(2, 3)
    model.weight.data.copy_(WEIGHTS[0])
    timms = ModelEmaV2(model, decay=decay)
    torchs = torch.optim.swa_utils.AveragedModel(model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(decay))
    torchs.update_parameters(model)
    path = []
    for (gradient, _), rate in zip(GRADIENTS, RATES):
        model.weight.data.sub_(rate * gradient)
        timms.update(model)
        torchs.update_parameters(model)
        torch.testing.assert_close(timms.module.weight, torchs.module.weight)
        path.append(timms.module.weight.flatten().tolist())
    return {"decay": decay, "path": path}


APART = ({"rate": 0.1}, {"rate": 1, "weight_decay": 0})
NO_DECAY = ({}, {"weight_decay": 0})
cases = [
    case("sgd"),
    case("sgd", {"momentum": 0}),
    case("sgd", {"momentum": 0, "weight_decay": 0.5}),
    case("sgd", {"weight_decay": 0.05}),
    case("sgd", {"momentum": 0.8, "weight_decay": 0.01, "nesterov": True}),
    case("sgd", {"weight_decay": 0.5}, APART),
    case("sgd", {"weight_decay": 0.5, "decoupled": True}),
    case("sgd", {"weight_decay": 0.5, "decoupled": True, "nesterov": True}, APART),
    case("sgd", {"momentum": 0, "weight_decay": 0.5, "decoupled": True}, NO_DECAY),
    case("sgd", {"weight_decay": 0.05}, clip={"norm": 1.5}),
    case("sgd", {"weight_decay": 0.05}, clip={"value": 0.25}),
    case("sgd", {"weight_decay": 0.05}, missing=(0, 4, 5)),
    case("adam"),
    case("adam", {"weight_decay": 0.5}),
    case("adam", {"betas": (0.8, 0.95), "eps": 1e-3, "weight_decay": 0.1}, NO_DECAY),
    case("adamW"),
    case("adamW", {"betas": (0.0, 0.95), "weight_decay": 0.5}, APART),
    case("adamW", {"eps": 1e-3, "weight_decay": 0.5}, clip={"norm": 1.5}),
    case("adamW", {"weight_decay": 0.5}, missing=(0, 4, 5)),
]
found = {
    "weights": [{"shape": list(w.shape), "values": w.flatten().tolist()} for w in WEIGHTS],
    "gradients": [[g.flatten().tolist() for g in step] for step in GRADIENTS],
    "rates": RATES,
    "cases": cases,
    "averages": [averages(0.9), averages(0)],
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(found) + "\n")
