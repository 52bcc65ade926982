from .recovery import RecoveryCode
from .sessions import StaffSession

__all__ = ["RecoveryCode", "StaffSession"]
