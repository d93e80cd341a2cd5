"""Which layer of a network says what it sees? Its backbone, or what comes nearest."""

from torch import nn

from samplewise.errors import InvalidArgumentError

# In this order: what a network has in front of its head, by the names that SuperGradients' families
# give it. DDRNet comes first, its `_backbone` is only a box for layers and never called itself.
_NAMES = (
    "layer5",  # DDRNet
    "backbone",
    "_backbone",  # YoloX, SegFormer
    "stage4",  # DEKR
    "avgpool",  # ResNet, ResNeXt, MobileNetV3, ShuffleNet
    "_avg_pooling",  # EfficientNet
    "net.head.pool",  # RegNet
    "features",  # MobileNetV2, DenseNet
    "transformer",  # ViT
    "fc_norm",  # BEiT
)


def embedding_layer_of(model: nn.Module) -> str:
    """Dotted name of the layer whose last map, averaged over its pixels, is the embedding.

    Raises:
        InvalidArgumentError: The network is of no known family and has no `backbone`.
    """
    names = {module: name for name, module in model.named_modules()}
    has = set(names.values())
    if "layer5" not in has or "spp" not in has:
        # A property that leads to a part further down, as in PP-LiteSeg (`encoder.backbone`).
        backbone = getattr(model, "backbone", None)
        if isinstance(backbone, nn.Module) and names.get(backbone):
            return names[backbone]
    for name in _NAMES:
        if name in has and (name != "layer5" or "spp" in has):
            return name
    raise InvalidArgumentError(
        f"`embedding_layer` must be named for `{type(model).__name__}`, which has no backbone.",
        hint=f"its parts are: {', '.join(name for name, _ in model.named_children())}",
    )
