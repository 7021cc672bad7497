"""DistributedDataParallel's step (gloo), the yardstick of own-ranks.ts: RANKS processes of one batch of 128, channels_last.

usage: ranks.py RANKS THREADS   (torch)
"""
import os
import sys

import torch
import torch.distributed as dist
import torch.nn.functional as F
from serve import answer, milliseconds, peak_of_process

BATCH = 128


def make_step(rank, ranks):
    from cifar_resnet import ResNet32

    torch.manual_seed(0)
    model = ResNet32().to(memory_format=torch.channels_last)
    if ranks > 1:
        model = torch.nn.parallel.DistributedDataParallel(model)
    own = BATCH // ranks
    images = torch.randn(own, 3, 32, 32).to(memory_format=torch.channels_last)
    labels = torch.arange(own) % 10
    optimizer = torch.optim.SGD(model.parameters(), 1e-3, 0.9, weight_decay=2e-4, fused=True)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        loss.item()

    return step


def go(is_on):
    """Whether there is one more step, as the first process says."""
    said = torch.tensor([int(is_on)])
    if dist.is_initialized():
        dist.broadcast(said, 0)
    return bool(said.item())


def process(rank, ranks, threads, stdin):
    torch.set_num_threads(threads)
    if ranks > 1:
        dist.init_process_group("gloo", rank=rank, world_size=ranks)
    step = make_step(rank, ranks)
    if rank > 0:
        while go(True):
            step()
        return
    sys.stdin = os.fdopen(stdin)

    def run():
        go(True)
        step()

    def end():
        go(False)
        return [peak_of_process()]

    answer(lambda _: milliseconds(run), end, f"PyTorch {torch.__version__}, {ranks} x {threads} threads")


if __name__ == "__main__":
    ranks, threads = map(int, sys.argv[1:])
    os.environ.setdefault("MASTER_ADDR", "127.0.0.1")
    os.environ.setdefault("MASTER_PORT", "0")
    sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../networks"))
    children = []
    if ranks > 1:
        import socket

        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            os.environ["MASTER_PORT"] = str(free.getsockname()[1])
        for rank in range(1, ranks):
            child = os.fork()
            if child == 0:
                process(rank, ranks, threads, None)
                os._exit(0)
            children.append(child)
    process(0, ranks, threads, os.dup(0))
    for child in children:
        os.waitpid(child, 0)
