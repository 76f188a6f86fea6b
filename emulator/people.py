"""Made-up people, the same for the same seed. The only module that knows Faker."""

from faker import Faker


def user_name(seed: str) -> str:
    """A login name such as people choose, told apart by the first digits of ``seed`` (hex digits)."""
    faker = Faker("en_GB")
    faker.seed_instance(seed)
    return f"{faker.user_name()}{int(seed[:6], 16)}"
