"""Why a booking, a move or a cancellation does not happen. Pure; the text is meant for the person."""


class BookingRefusedError(Exception):
    """Something about an appointment cannot be done; `str()` says why in plain words."""


class SlotTakenError(BookingRefusedError):
    """The counselor is no longer free at this time."""

    def __init__(self, words: str = "This time has just been taken. Choose another one.") -> None:
        super().__init__(words)


class FullError(BookingRefusedError):
    """Every place in the shared session is taken."""

    def __init__(self, words: str = "Every place is taken. Nothing was booked.") -> None:
        super().__init__(words)


class ClientBusyError(BookingRefusedError):
    """The client has another appointment at this time."""

    def __init__(self, words: str = "You already have a session at this time. Choose another one.") -> None:
        super().__init__(words)


class NotOfferedError(BookingRefusedError):
    """The counselor does not offer this time: hours, notice, horizon, grid or service say no."""


class OutsideHoursError(NotOfferedError):
    """Only the counselor's own hours, grid or time off are against it: they may still want it so."""


class NotAllowedError(BookingRefusedError):
    """The policy, or the state of the appointment, says no."""


class HoldGoneError(BookingRefusedError):
    """The hold ended and the appointment can no longer be confirmed."""

    def __init__(self, words: str = "The session is no longer as it was when you chose it.") -> None:
        super().__init__(words)
