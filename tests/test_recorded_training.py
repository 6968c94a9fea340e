"""The recorded runs in PyTorch, torchao and JAX are of the script and the page's code, and say what the page says."""

import copy
import importlib.util
import re
import subprocess
import sys
from importlib import metadata

import pytest

from book import ROOT
from exactzeros.book import optimizer_experiment as experiment

SCRIPT = ROOT / "tools" / "record_training.py"


@pytest.fixture(scope="module")
def script():
    """The script as a module; it imports the recorded packages only when it runs."""
    spec = importlib.util.spec_from_file_location("record_training", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def recorded():
    return copy.deepcopy(experiment.recorded())


def test_the_record_is_of_this_script_and_of_the_code_on_the_page(script, recorded):
    assert recorded["inputs"] == script.inputs(), "run tools/record_training.py"


def test_the_record_is_of_the_pinned_versions(script, recorded):
    pins = dict(re.findall(r"^([\w-]+)==([\d.]+)", (ROOT / "requirements-test.txt").read_text(), re.M))
    assert recorded["versions"] == {name: pins[name] for name in script.PACKAGES}, "run tools/record_training.py"


def test_the_network_has_zeros_and_the_same_accuracy(recorded):
    digits = recorded["digits"]
    before, after = digits["in the loss"], digits["proximal step"]
    assert before["zeros"] == 0
    assert 0.8 * digits["weights"] < after["certified"] <= after["zeros"] < digits["weights"]
    assert abs(before["right"] - after["right"]) < 0.01 * digits["images"]


def test_predictions_come_true(recorded):
    for name in ("SGD", "momentum 0.9", "Adam"):
        found = recorded["known zeros"][name]
        assert found["torchao"]["zeros"] == found["torchao"]["expected"]
        for library in ("exactzeros.torch", "exactzeros.optax"):
            assert found[library]["zeros"] == found[library]["expected"] == 41
    assert recorded["known zeros"]["momentum 0.9"]["torchao"]["distance"] < 1e-9


def test_with_l1_in_the_loss_there_is_no_zero(recorded):
    for found in recorded["known zeros"].values():
        assert found["PyTorch"]["zeros"] == found["JAX"]["zeros"] == 0
    assert set(recorded["long run"]["zeros"].values()) == {0}


def test_differences_are_found(script, recorded):
    changed = copy.deepcopy(recorded)
    assert list(script.differences(recorded, changed)) == []
    changed["known zeros"]["Adam"]["torchao"]["zeros"] += 1
    changed["digits"]["proximal step"]["right"] += 1  # as on another processor
    changed["versions"]["jax"] = "0.1"
    del changed["steps"]
    found = sorted(each.split(":")[0] for each in script.differences(recorded, changed))
    assert found == ["/known zeros/Adam/torchao/zeros", "/steps", "/versions/jax"]


@pytest.mark.slow
def test_the_record_can_be_made_again(recorded):
    installed = {each.name: each.version.split("+")[0] for each in metadata.distributions()}
    for name, version in recorded["versions"].items():
        if installed.get(name) != version:
            pytest.skip(f"{name} {version} is not installed; PyTorch's CPU build is tested on Python 3.11 only")
    done = subprocess.run([sys.executable, SCRIPT, "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
