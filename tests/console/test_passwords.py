import pytest

from console.passwords import holds_password, without_password

WITH = {
    "postgresql://admin:geheim@db:5432/hq": "postgresql://admin:***@db:5432/hq",
    "postgres://:geheim@one,two/hq": "postgres://:***@one,two/hq",
    "postgresql:///hq?user=admin&password=geheim&port=5": "postgresql:///hq?user=admin&password=***&port=5",
    "postgresql://db/hq?sslpassword=geheim": "postgresql://db/hq?sslpassword=***",
    "host=db password=geheim user=admin": "host=db password=*** user=admin",
    r"host=db password = 'ge \' heim' user=admin": "host=db password = *** user=admin",
}
WITHOUT = [
    "postgresql://admin@db:5432/hq",
    "postgresql:///hq?host=/run/sockets&user=admin&port=5433",
    "postgresql://[::1]:5432/hq?application_name=a@b",
    "host=db user=admin",
    "nonsense",
    "",
]


@pytest.mark.parametrize(("address", "shown"), WITH.items())
def test_a_password_in_an_address_is_noticed_and_never_shown(address: str, shown: str) -> None:
    assert holds_password(address)
    assert without_password(address) == shown


@pytest.mark.parametrize("address", WITHOUT)
def test_an_address_without_a_password_stays_as_it_is(address: str) -> None:
    assert not holds_password(address)
    assert without_password(address) == address
