"""The residual networks in plain PyTorch, where torchvision has none: written from the papers' tables and the official codes' graphs."""
import torch
import torch.nn.functional as F
from torch import nn
from torchvision.models.resnet import BasicBlock, Bottleneck, ResNet


class Official(ResNet):
    """classifier-balancing's ResNetFeature and ResNextFeature: an average pool of 7x7 at stride 1, flattened."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.avgpool, self.fc = nn.AvgPool2d(7, stride=1), nn.Identity()


def torchvision(block, layers, **kwargs):
    network = ResNet(block, layers, **kwargs)
    network.fc = nn.Identity()
    return network


def caffe(layers):
    """Stride in the first 1x1 convolution of a bottleneck."""
    network = torchvision(Bottleneck, layers)
    for module in network.modules():
        if isinstance(module, Bottleneck):
            module.conv1.stride, module.conv2.stride = module.conv2.stride, (1, 1)
    return network


def conv(inputs, outputs, size=3, stride=1):
    return nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False)


class CifarBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1, self.bn1 = conv(inputs, outputs, stride=stride), nn.BatchNorm2d(outputs)
        self.conv2, self.bn2 = conv(outputs, outputs), nn.BatchNorm2d(outputs)
        self.stride, self.more = stride, (outputs - inputs) // 2

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, self.more, self.more)))


def stages(block, blocks, widths):
    inputs, result = widths[0], []
    for stage, (count, outputs) in enumerate(zip(blocks, widths[1:])):
        made = [block(inputs if i == 0 else outputs, outputs, 2 if stage > 0 and i == 0 else 1) for i in range(count)]
        result.append(nn.Sequential(*made))
        inputs = outputs
    return result


class Cifar(nn.Module):
    """LDAM's and BBN's ResNet; with branches, BBN's two blocks side by side."""

    def __init__(self, blocks, branches=False):
        super().__init__()
        self.conv1, self.bn1 = conv(3, 16), nn.BatchNorm2d(16)
        self.layer1, self.layer2, self.layer3 = stages(CifarBlock, blocks, [16, 16, 32, 64])
        if branches:
            self.cb_block, self.rb_block = CifarBlock(64, 64, 1), CifarBlock(64, 64, 1)

    def forward(self, x):
        x = self.layer3(self.layer2(self.layer1(F.relu(self.bn1(self.conv1(x))))))
        if hasattr(self, "cb_block"):
            x = torch.cat((self.cb_block(x), self.rb_block(x)), dim=1)
        return x.mean((2, 3))


class WideBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.bn1, self.conv1 = nn.BatchNorm2d(inputs), conv(inputs, outputs, stride=stride)
        self.bn2, self.conv2 = nn.BatchNorm2d(outputs), conv(outputs, outputs)
        self.convShortcut = None if inputs == outputs else conv(inputs, outputs, 1, stride)

    def forward(self, x):
        active = F.relu(self.bn1(x))
        y = self.conv2(F.relu(self.bn2(self.conv1(active))))
        return y + (x if self.convShortcut is None else self.convShortcut(active))


class Wide(nn.Module):
    def __init__(self, depth, widen):
        super().__init__()
        self.conv1 = conv(3, 16)
        made = stages(WideBlock, [(depth - 4) // 6] * 3, [16, 16 * widen, 32 * widen, 64 * widen])
        for i, layers in enumerate(made, 1):
            block = nn.Module()
            block.layer = layers
            setattr(self, f"block{i}", block)
        self.bn1 = nn.BatchNorm2d(64 * widen)

    def forward(self, x):
        x = self.conv1(x)
        for block in (self.block1, self.block2, self.block3):
            x = block.layer(x)
        return F.avg_pool2d(F.relu(self.bn1(x)), 8).flatten(1)


NEXT = {"groups": 32, "width_per_group": 4}
#: name: (how to make it, the height of its pictures)
NETWORKS = {
    "resnet-10": (lambda: Official(BasicBlock, [1, 1, 1, 1]), 224),
    "resnet-18": (lambda: torchvision(BasicBlock, [2, 2, 2, 2]), 224),
    "resnet-34": (lambda: torchvision(BasicBlock, [3, 4, 6, 3]), 224),
    "resnet-50": (lambda: torchvision(Bottleneck, [3, 4, 6, 3]), 224),
    "resnet-101": (lambda: torchvision(Bottleneck, [3, 4, 23, 3]), 224),
    "resnet-152": (lambda: Official(Bottleneck, [3, 8, 36, 3]), 224),
    "resnet-152-caffe": (lambda: caffe([3, 8, 36, 3]), 224),
    "resnext-50": (lambda: Official(Bottleneck, [3, 4, 6, 3], **NEXT), 224),
    "resnext-101": (lambda: Official(Bottleneck, [3, 4, 23, 3], **NEXT), 224),
    "resnext-152": (lambda: Official(Bottleneck, [3, 8, 36, 3], **NEXT), 224),
    **{f"cifar-resnet-{d}": (lambda d=d: Cifar([(d - 2) // 6] * 3), 32) for d in (20, 32, 44, 56, 110)},
    "bbn-resnet-32": (lambda: Cifar([5, 5, 4], branches=True), 32),
    **{f"wide-resnet-{d}-{w}": (lambda d=d, w=w: Wide(d, w), 32) for d, w in ((16, 8), (28, 2), (28, 10), (40, 2))},
}
