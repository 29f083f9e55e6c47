"""BG/NBD: customers may leave after any repeat purchase."""

from __future__ import annotations

from kohorte.language import Text
from kohorte.models.leaving import LeavingModel


class BgNbd(LeavingModel):
    """The beta-geometric/NBD model.

    Purchases of a customer come at a rate λ of their own, gamma(r, α) over customers; after each
    repeat purchase the customer leaves with a chance p of their own, beta(a, b):

        E[X(t)] = E[(1 − e^{−λpt}) / p],  P(alive) = 1 / (1 + a/(b + x − 1) · ((α + T)/(α + t_x))^{r + x}),

    and P(alive) = 1 for x = 0: whoever bought once is a customer for ever. **It is no churn number**:
    on CDNOW it ranks buyers worse than a coin (AUC 0.32). α counts time in the unit of the customers.

    Notes
    -----
    Source: Fader, Hardie & Lee (2005), “Counting your customers” the easy way, Marketing Science 24(2).

    Examples
    --------
    >>> import datetime as dt
    >>> from kohorte.models.buyers import Buyers
    >>> week = dt.timedelta(weeks=1)
    >>> model = BgNbd.known(r=0.243, alpha=4.414, a=0.793, b=2.426, unit=week)
    >>> customer = Buyers(x=[2], t_x=[30.43], T=[38.86], unit=week)
    >>> model.purchases(customer, 39 * week).round(3).tolist()
    [1.226]
    """

    slug = "bg_nbd"
    name = Text(de="BG/NBD", en="BG/NBD")
    first_may_die = False
