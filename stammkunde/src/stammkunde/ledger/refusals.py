"""Why the ledger books nothing: sentences that a person can act on."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from stammkunde.core.errors import Forbidden, NotFound, Refused


class NotEnough(Refused):
    """Less can be used than is asked for."""

    def __init__(self, *, asked: int, available: int) -> None:
        self.asked, self.available = asked, available
        super().__init__(
            _("%(asked)s are asked for, but only %(available)s can be used.")
            % {"asked": asked, "available": available},
            name="ledger.not_enough",
        )


class KeyReused(Refused):
    """The key stands for another command already."""

    def __init__(self) -> None:
        super().__init__(
            _("This key has been used for another booking. Use a new key, or send the same again."),
            name="ledger.key_reused",
        )


class HoldEnded(Refused):
    """A hold ends once."""

    def __init__(self) -> None:
        super().__init__(_("This reservation has ended. Make a new one."), name="ledger.hold_ended")


class HoldTooLong(Refused):
    """A hold is for a checkout and not for ever."""

    def __init__(self, *, days: int) -> None:
        sentence = _(
            "A reservation lasts %(days)s days at most. Choose an earlier end, and reserve again "
            "if the order is still open then."
        ) % {"days": days}
        super().__init__(sentence, name="ledger.hold_too_long", fields={"expires_at": sentence})


class UnknownUnit(NotFound):
    """The shop has no such unit."""

    def __init__(self) -> None:
        super().__init__(_("This shop has no such unit."), name="ledger.unknown_unit")


class UnknownHold(NotFound):
    """The shop has no such hold."""

    def __init__(self) -> None:
        super().__init__(_("There is no such reservation."), name="ledger.unknown_hold")


class UnknownSource(NotFound):
    """Nothing was booked for this."""

    def __init__(self) -> None:
        super().__init__(_("Nothing was booked for this yet."), name="ledger.unknown_source")


class TooMuchReturned(Refused):
    """More comes back than there was."""

    def __init__(self) -> None:
        super().__init__(
            _("More comes back than was bought or spent."), name="ledger.too_much_returned"
        )


class UnknownTransaction(NotFound):
    """The shop has no such transaction."""

    def __init__(self) -> None:
        super().__init__(_("There is no such booking."), name="ledger.unknown_transaction")


class AlreadyReversed(Refused):
    """A transaction is reversed once."""

    def __init__(self) -> None:
        super().__init__(
            _("This booking has been reversed already."), name="ledger.already_reversed"
        )


class NotReversible(Refused):
    """What this transaction did is undone in another way."""

    def __init__(self) -> None:
        super().__init__(
            _("This booking cannot be reversed. Release a reservation, return lines, or adjust."),
            name="ledger.not_reversible",
        )


class NeedsSecondPerson(Forbidden):
    """Who proposes does not approve."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody else has to decide on this correction."), name="ledger.needs_second_person"
        )


class ProposalDecided(Refused):
    """A proposal is decided once."""

    def __init__(self) -> None:
        super().__init__(
            _("This correction has been decided on already."), name="ledger.proposal_decided"
        )


class UnknownProposal(NotFound):
    """The shop has no such proposal."""

    def __init__(self) -> None:
        super().__init__(_("There is no such correction."), name="ledger.unknown_proposal")


class BadCommand(Refused):
    """The command contradicts itself: an amount of zero, no lines, the same owner twice."""

    def __init__(self, field: str) -> None:
        super().__init__(
            _("This value cannot be booked: %(field)s.") % {"field": field},
            name="ledger.bad_command",
            fields={field: _("This value cannot be booked.")},
        )


class NotPlain(BadCommand):
    """A text holds signs that steer a terminal, break a line or turn it round."""

    def __init__(self, field: str) -> None:
        Refused.__init__(
            self,
            _("%(name)s holds control characters. Write letters, digits and spaces.")
            % {"name": field},
            name="ledger.not_plain",
            fields={field: _("This holds control characters. Write letters, digits and spaces.")},
        )


class NotYet(BadCommand):
    """What has not happened is not booked."""

    def __init__(self) -> None:
        sentence = _(
            "This lies in the future. Book it once it has happened; from when on something can be "
            "used is said by `available_at`."
        )
        Refused.__init__(self, sentence, name="ledger.not_yet", fields={"effective_at": sentence})


class Busy(Refused):
    """Others were faster again and again."""

    def __init__(self) -> None:
        super().__init__(
            _("Too much is being booked at this moment. Try again."), name="ledger.busy"
        )


class DoesNotHold(Refused):
    """The audit found something."""

    def __init__(self, *, count: int, places: str) -> None:
        super().__init__(
            _("The ledger does not hold in %(count)s places: %(places)s")
            % {"count": count, "places": places},
            name="ledger.does_not_hold",
        )
