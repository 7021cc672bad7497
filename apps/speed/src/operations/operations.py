"""The works of works.ts in PyTorch, in the better of its two layouts where there are two."""
import torch
import torch.nn.functional as F
from serve import serve

torch.manual_seed(0)


def pictures(n, size, channels, layout):
    return torch.randn(n, channels, size, size).to(memory_format=layout)


def conv(sizes, layout, gradient):
    n, size, inputs, outputs, kernel, stride, groups = sizes
    x = pictures(n, size, inputs, layout)
    w = torch.randn(outputs, inputs // groups, kernel, kernel).to(memory_format=layout)
    pad = kernel // 2
    if not gradient:
        return lambda: F.conv2d(x, w, None, stride, pad, 1, groups)
    dy = torch.randn_like(F.conv2d(x, w, None, stride, pad, 1, groups))
    mask = [True, True, False]
    return lambda: torch.ops.aten.convolution_backward(
        dy, x, w, None, [stride] * 2, [pad] * 2, [1, 1], False, [0, 0], groups, mask
    )


def with_gradient(run, x):
    x.requires_grad_(True)
    dy = torch.randn_like(run(x))

    def both():
        x.grad = None
        run(x).backward(dy)

    return both


def batch_norm(sizes, layout):
    n, size, channels = sizes
    layer = torch.nn.BatchNorm2d(channels)
    return with_gradient(layer, pictures(n, size, channels, layout))


def pool(sizes, layout, kind):
    n, size, channels, kernel, stride = sizes
    run = (lambda x: F.max_pool2d(x, kernel, stride)) if kind == "maxPool" else (lambda x: F.avg_pool2d(x, kernel, stride))
    return with_gradient(run, pictures(n, size, channels, layout))


def cross_entropy(n, classes):
    labels = torch.arange(n) % classes
    z = torch.randn(n, classes, requires_grad=True)

    def run():
        z.grad = None
        F.cross_entropy(z, labels).backward()

    return run


def sgd(parts, size):
    weights = [torch.randn(size, requires_grad=True) for _ in range(parts)]
    for w in weights:
        w.grad = torch.randn(size)
    return torch.optim.SGD(weights, 0.1, 0.9, weight_decay=5e-4, fused=True).step


def mlp(n, units):
    net = torch.nn.Sequential(
        torch.nn.Linear(units, units), torch.nn.ReLU(), torch.nn.Linear(units, units), torch.nn.ReLU(), torch.nn.Linear(units, 10)
    )
    optimizer = torch.optim.SGD(net.parameters(), 0.01, 0.9, fused=True)
    x, labels = torch.randn(n, units), torch.arange(n) % 10

    def run():
        optimizer.zero_grad(set_to_none=True)
        F.cross_entropy(net(x), labels).backward()
        optimizer.step()

    return run


class ConvNorm(torch.nn.Module):
    def __init__(self, inputs, outputs, kernel):
        super().__init__()
        self.conv = torch.nn.Conv2d(inputs, outputs, kernel, 1, kernel // 2, bias=False)
        self.norm = torch.nn.BatchNorm2d(outputs)

    def forward(self, x):
        return self.norm(self.conv(x))


class Bottleneck(torch.nn.Module):
    def __init__(self, outer, inner):
        super().__init__()
        self.a, self.b, self.c = ConvNorm(outer, inner, 1), ConvNorm(inner, inner, 3), ConvNorm(inner, outer, 1)

    def forward(self, x):
        return F.relu(self.c(F.relu(self.b(F.relu(self.a(x))))) + x)


def inference(kind, sizes, layout, autocast):
    n, size, channels = sizes[:3]
    net = Bottleneck(channels, sizes[3]) if kind == "bottleneck" else ConvNorm(*sizes[2:])
    net = net.eval().to(memory_format=layout)
    x = pictures(n, size, channels, layout)

    @torch.inference_mode()
    def run():
        with torch.autocast("cpu", torch.bfloat16, enabled=autocast):
            return net(x) if kind == "bottleneck" else F.relu(net(x))

    return run


def make(kind, sizes, layout, autocast):
    if kind in ("inference", "bottleneck"):
        return inference(kind, sizes, layout, autocast)
    if kind in ("conv", "convGrad"):
        return conv(sizes, layout, kind == "convGrad")
    if kind == "batchNorm":
        return batch_norm(sizes, layout)
    if kind in ("maxPool", "avgPool"):
        return pool(sizes, layout, kind)
    if kind == "crossEntropy":
        return cross_entropy(*sizes)
    if kind == "matMul":
        n, inner, m = sizes
        a, b = torch.randn(n, inner), torch.randn(inner, m)
        return lambda: a @ b
    return {"sgd": sgd, "mlp": mlp}[kind](*sizes)


LAYOUTS = (torch.channels_last, torch.contiguous_format)
serve(lambda work: [make(work["kind"], work["sizes"], layout, work.get("autocast", False)) for layout in LAYOUTS])
