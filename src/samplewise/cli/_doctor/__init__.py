"""Is this installation sound, and if not, which command mends it?

The checks import no package that they check: a broken one must not take the doctor with it.
"""

from samplewise.cli._doctor.browser import check_browser
from samplewise.cli._doctor.convolution import check_convolution
from samplewise.cli._doctor.diagnosis import Diagnosis
from samplewise.cli._doctor.gpu import check_gpu
from samplewise.cli._doctor.interpreter import check_interpreter
from samplewise.cli._doctor.own_packages import check_own_packages
from samplewise.cli._doctor.store_root import check_store_root
from samplewise.cli._doctor.super_gradients import check_super_gradients
from samplewise.cli._doctor.torch_pair import check_torch_pair

__all__ = [
    "Diagnosis",
    "check_browser",
    "check_convolution",
    "check_gpu",
    "check_interpreter",
    "check_own_packages",
    "check_store_root",
    "check_super_gradients",
    "check_torch_pair",
]
