"""Train YOLO-NAS-S on drawn scenes, on a CPU, with the real SuperGradients `Trainer`."""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samplewise.demo._process import no_logs, quiet_super_gradients, use_passive_threads
from samplewise.demo._recipe import BATCH_NORM_MOMENTUM, loader, stock_datasets, training_params
from samplewise.demo.scenes import DrawnDataset

_LOSS = "PPYoloELoss/loss"
_METRIC = "mAP@0.50"


@dataclass(frozen=True, slots=True)
class EpochResult:
    """What one epoch reached; as text it is one line.

    Args:
        number: From 1.
        epochs: How many there will be.
        train_loss: Mean loss of the training batches.
        val_loss: Loss on the held-out scenes.
        average_precision: mAP@0.50 on the held-out scenes, in [0, 1].
        duration_s: Seconds since the epoch before, or since the start.
    """

    number: int
    epochs: int
    train_loss: float
    val_loss: float
    average_precision: float
    duration_s: float

    def __str__(self) -> str:
        return (
            f"epoch {self.number:>{len(str(self.epochs))}}/{self.epochs}"
            f"  train loss {self.train_loss:.3f}  val loss {self.val_loss:.3f}"
            f"  mAP@0.50 {self.average_precision:.3f}  {self.duration_s:.0f} s"
        )


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """What a training left.

    Args:
        model: The network with averaged weights, ready for `predict`.
        checkpoint: Its weights; `models.get("yolo_nas_s", num_classes=..., checkpoint_path=...)`
            loads them.
        history: One entry an epoch.
    """

    model: Any
    checkpoint: Path
    history: list[EpochResult]


def train(
    dataset: DrawnDataset | tuple[Any, Any],
    *,
    folder: Path | str,
    epochs: int = 10,
    image_size: int = 96,
    batch_size: int = 16,
    callbacks: Sequence[Any] = (),
    seed: int = 0,
    on_epoch: Callable[[EpochResult], None] | None = None,
) -> TrainedModel:
    """Train YOLO-NAS-S from scratch.

    Args:
        dataset: A drawn dataset; or the train and the val dataset of SuperGradients, made with
            `detection_transforms`.
        folder: Takes the checkpoint.
        epochs: How often every scene is seen.
        image_size: Side of the network's input, pixels; a multiple of 32.
        batch_size: Scenes per step.
        callbacks: SuperGradients callbacks.
        seed: Of weights, order and augmentation.
        on_epoch: Called after each epoch; by default its line is printed.

    Returns:
        The model, where it is stored, and how it came to be.
    """
    use_passive_threads()
    folder = Path(folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with quiet_super_gradients(folder / "logs"):
        from super_gradients.training import Trainer, models

        from samplewise.integration.super_gradients.compatibility import patched_super_gradients

        both = dataset if isinstance(dataset, tuple) else stock_datasets(dataset, image_size)
        train_set, val_set = both
        classes = len(train_set.classes)
        model = _model(models, classes, seed)
        reporter = _reporter(epochs, on_epoch or _print)
        trainer = Trainer(experiment_name="demo", ckpt_root_dir=str(folder))
        with patched_super_gradients():
            trainer.train(
                model=model,
                training_params=training_params(
                    classes=classes,
                    epochs=epochs,
                    seed=seed,
                    callbacks=[*callbacks, reporter],
                    sg_logger=no_logs(folder),
                ),
                train_loader=loader(train_set, batch_size=batch_size, shuffle=True),
                valid_loader=loader(val_set, batch_size=batch_size, shuffle=False),
            )
        averaged: Any = trainer.ema_model.ema  # type: ignore[union-attr]  # `ema` is on
        averaged.set_dataset_processing_params(**val_set.get_dataset_preprocessing_params())
        checkpoint = _save(averaged, folder / "model.pth")
    return TrainedModel(averaged, checkpoint, reporter.history)


def _model(models: Any, classes: int, seed: int) -> Any:
    import torch

    torch.manual_seed(seed)
    model = models.get("yolo_nas_s", num_classes=classes)
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = BATCH_NORM_MOMENTUM
    return model


def _save(model: Any, path: Path) -> Path:
    """Weights only: torch 2.6 refuses to load the processing objects SuperGradients adds."""
    import torch

    torch.save({"net": model.state_dict()}, path)
    return path


def _print(result: EpochResult) -> None:
    sys.stdout.write(f"{result}\n")
    sys.stdout.flush()


def _reporter(epochs: int, on_epoch: Callable[[EpochResult], None]) -> Any:
    from super_gradients.training.utils.callbacks import Callback

    class Reporter(Callback):
        """Turns the numbers of each epoch into an `EpochResult`."""

        def __init__(self) -> None:
            super().__init__()
            self.history: list[EpochResult] = []
            self._train_loss = 0.0
            self._since = time.perf_counter()

        def on_train_loader_end(self, context: Any) -> None:
            self._train_loss = float(context.metrics_dict[_LOSS])

        def on_validation_loader_end(self, context: Any) -> None:
            now = time.perf_counter()
            result = EpochResult(
                number=context.epoch + 1,
                epochs=epochs,
                train_loss=self._train_loss,
                val_loss=float(context.metrics_dict[_LOSS]),
                average_precision=float(context.metrics_dict[_METRIC]),
                duration_s=now - self._since,
            )
            self._since = now
            self.history.append(result)
            on_epoch(result)

    return Reporter()
