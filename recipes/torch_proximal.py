"""Exact zeros: `proximal_step(optimizer)` after `optimizer.step()`."""

import torch


@torch.no_grad()
def proximal_step(optimizer):
    """Apply the "penalty" of each parameter group that has one."""
    for group in optimizer.param_groups:
        for weights in group["params"] if "penalty" in group else ():
            state = optimizer.state[weights]
            step = group["lr"] / (1 - group.get("momentum", 0))  # SGD
            if "exp_avg_sq" in state:  # Adam
                share = 1 - group["betas"][1] ** state["step"]
                size = (state["exp_avg_sq"] / share).sqrt()
                step = group["lr"] / (size + group["eps"])
            weights.copy_(group["penalty"].prox(weights, step))
