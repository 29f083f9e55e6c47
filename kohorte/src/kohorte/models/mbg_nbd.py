"""MBG/NBD: customers may leave after any purchase, the first included."""

from __future__ import annotations

from kohorte.language import Text
from kohorte.models.leaving import LeavingModel


class MbgNbd(LeavingModel):
    """The modified beta-geometric/NBD model, the first choice for shops.

    As BG/NBD, but the first purchase may be the last as well, so that one-time buyers have a
    P(alive) below 1:

        P(alive) = 1 / (1 + a/(b + x) · ((α + T)/(α + t_x))^{r + x}).

    Notes
    -----
    Source: Batislam, Denizel & Filiztekin (2007), Empirical validation and comparison of models for
    customer base analysis; Hoppe & Wagner (2007), Customer base analysis: the case for a central
    variant of the beta-geometric/NBD model.

    Examples
    --------
    >>> import datetime as dt
    >>> from kohorte.models.buyers import Buyers
    >>> week = dt.timedelta(weeks=1)
    >>> model = MbgNbd.known(r=0.525, alpha=6.183, a=0.891, b=1.614, unit=week)
    >>> model.alive(Buyers(x=[0], t_x=[0], T=[39], unit=week)).round(2).tolist()
    [0.39]
    """

    slug = "mbg_nbd"
    name = Text(de="MBG/NBD", en="MBG/NBD")
    first_may_die = True
