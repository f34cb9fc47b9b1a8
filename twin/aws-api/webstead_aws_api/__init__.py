"""The AWS API of the twin: moto, with the gaps closed that a real deploy would fall into."""

VERSION = "0.1.0"
"""Version of this package, as `GET /_twin/health` reports it."""
