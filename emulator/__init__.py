"""sms-emulator: speaks the HTTP dialects of real SMS providers."""

__version__ = "0.1.0"

__all__ = ["__version__", "create_app"]


def __getattr__(name: str) -> object:
    if name == "create_app":  # imported on demand, so that the command line starts without Flask
        from emulator.app import create_app  # noqa: PLC0415

        return create_app
    raise AttributeError(name)
