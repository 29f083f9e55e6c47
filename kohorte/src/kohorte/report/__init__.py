"""The report: one self-contained page, and its numbers as CSV and JSON.

`write` turns a `results.Report` into three files; nothing here computes a metric.
"""

from kohorte.report.metric_text import MetricText
from kohorte.report.writing import write

__all__ = ["MetricText", "write"]
