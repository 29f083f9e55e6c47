"""The day from which on customers are watched for lapsing, for those behind a number."""

from __future__ import annotations


def start(days: str) -> str:
    """Return the first day of a period as SQL; where it spans all the data, the latest that is over.

    Parameters
    ----------
    days
        After how many days everything is known, as SQL.

    Examples
    --------
    >>> print(start("$active_days"))
    CASE
      WHEN $starts_day <= $history_start AND $at_day >= $history_end
      THEN $history_end - ($active_days)
      ELSE $starts_day
    END
    """
    return f"""
CASE
  WHEN $starts_day <= $history_start AND $at_day >= $history_end
  THEN $history_end - ({days})
  ELSE $starts_day
END
""".strip()
