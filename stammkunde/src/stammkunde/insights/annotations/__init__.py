"""What happened on a day that numbers may remember: kept beside them, shown in their charts."""
