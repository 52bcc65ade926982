from .finding.legacy import LegacyAddress

__all__ = ["LegacyAddress"]
