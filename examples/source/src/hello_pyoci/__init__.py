"""Says hello from a package that was installed through PyOCI."""


def greeting() -> str:
    return "Hello from an OCI registry!"


def main() -> None:
    print(greeting())
