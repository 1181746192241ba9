"""Published warehouses to look at, made once: no test changes them."""

import pytest

from tests.page import warehouses
from warehouse.workspace import Workspace


@pytest.fixture(scope="session")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Forty-two ordinary articles."""
    return warehouses.ordinary(tmp_path_factory.mktemp("ordinary"))


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Articles, sources, terms and themes that mean harm."""
    return warehouses.hostile(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A codebook and no article."""
    return warehouses.published(tmp_path_factory.mktemp("empty"))
