"""Run by `run_probe`: the convolution that a torch for processors can damage its memory with.

Many oneDNN releases inside torch write past a buffer when the weights of a strided 1x1 convolution
of few channels are trained on channels-last images; the first layer of YOLO-NAS is one. The damage
shows sooner or later, as a crash in some other place.

Source:
    https://github.com/uxlfoundation/oneDNN/issues/6035
"""

import json

ROUNDS = 20  # five of five processes died within as many


def train_on_channels_last() -> None:
    """Train that layer, with other memory being taken and given back around it."""
    import torch

    layer = torch.nn.Conv2d(3, 48, 1, stride=2)
    for _ in range(ROUNDS):
        images = torch.rand(8, 3, 128, 128).contiguous(memory_format=torch.channels_last)
        layer(images).sum().backward()
        layer.zero_grad()
        _others = [torch.rand(int(size)) for size in torch.randint(1, 60_000, (40,))]


if __name__ == "__main__":
    train_on_channels_last()
    print(json.dumps({"survived": True}))  # noqa: T201 -- read by `run_probe`
