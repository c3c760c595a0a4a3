"""A release: the tables once more, with what portals and readers need beside them, versioned and verifiable.

Everything is rendered from `schemas/`, `release.toml` and the tables; no value of the data is computed here except
`since_release`. Portals belong to `pipeline.publish.targets`.
"""
