"""Classification agrees with torch."""

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from samplewise.metrics.classification import classification_metrics, log_softmax

SEEDS = st.integers(0, 2**32 - 1)
SCALES = st.sampled_from([1e-6, 1.0, 30.0, 1e4])


def _draw(seed, scale):
    rng = np.random.default_rng(seed)
    n, c = rng.integers(0, 9), rng.integers(1, 12)
    labels = rng.permutation(rng.choice(1000, c, replace=False) - 500)
    return rng.normal(0, scale, (n, c)), labels, rng.integers(0, c, n)


@given(seed=SEEDS, scale=SCALES)
def test_log_softmax_is_that_of_torch(seed, scale):
    logits, _, _ = _draw(seed, scale)
    theirs = functional.log_softmax(torch.tensor(logits), dim=1).numpy()
    np.testing.assert_allclose(log_softmax(logits), theirs, rtol=1e-12, atol=1e-15)


@given(seed=SEEDS, scale=SCALES)
def test_losses_and_entropies_are_those_of_torch(seed, scale):
    logits, labels, truth = _draw(seed, scale)
    ours = classification_metrics(logits, labels=labels, true_labels=labels[truth])
    given_logits = torch.tensor(logits)
    loss = functional.cross_entropy(given_logits, torch.tensor(truth), reduction="none").numpy()
    np.testing.assert_allclose(ours.cross_entropy, loss, rtol=1e-12, atol=1e-15)
    log_p = functional.log_softmax(given_logits, dim=1)
    entropy = -torch.xlogy(log_p.exp(), log_p.exp()).sum(dim=1).numpy()
    np.testing.assert_allclose(ours.entropy, entropy, rtol=1e-9, atol=1e-12)


@given(seed=SEEDS, scale=SCALES)
def test_the_best_classes_are_those_of_torch(seed, scale):
    logits, labels, truth = _draw(seed, scale)
    ours = classification_metrics(logits, labels=labels, true_labels=labels[truth])
    best = functional.softmax(torch.tensor(logits), dim=1).topk(min(5, len(labels)), dim=1)
    np.testing.assert_allclose(ours.top_confidences, best.values.numpy(), rtol=1e-12, atol=1e-15)
    np.testing.assert_array_equal(ours.predicted_label, labels[logits.argmax(axis=1)])
    np.testing.assert_array_equal(ours.correct, logits.argmax(axis=1) == truth)
    rank = (logits > logits[np.arange(len(logits)), truth][:, None]).sum(axis=1)
    np.testing.assert_array_equal(ours.correct_in_top, rank < 5)
