"""L1 that gives exact zeros in PyTorch: call `proximal_step(optimizer)` after each `optimizer.step()`."""

import torch


@torch.no_grad()
def proximal_step(optimizer):
    """Apply `group["penalty"]` to the weights of each parameter group that has one; for SGD and Adam."""
    for group in optimizer.param_groups:
        for weights in group["params"] if "penalty" in group else ():
            state = optimizer.state[weights]
            step = group["lr"] / (1 - group.get("momentum", 0))  # SGD
            if "exp_avg_sq" in state:  # Adam
                square = state["exp_avg_sq"] / (1 - group["betas"][1] ** state["step"])
                step = group["lr"] / (square.sqrt() + group["eps"])
            weights.copy_(group["penalty"].prox(weights, step))
