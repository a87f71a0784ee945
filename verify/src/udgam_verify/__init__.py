"""The command ``udgam-verify``: the platform's own checks, without the platform."""
